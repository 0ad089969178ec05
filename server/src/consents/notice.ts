import Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { InstantText, object, text } from '../platform/web/schema.ts';
import type { Purpose } from './purpose.ts';
import { PurposeName } from './purpose.ts';

/** What members are told before they agree. A version never changes; a change is the next version. */
export interface Notice {
  readonly purpose: Purpose;
  /** 1, 2, 3, … for each purpose. */
  readonly version: number;
  /** Paragraphs. */
  readonly zh: readonly string[];
  readonly en: readonly string[];
  readonly validFrom: Instant;
  /** Who agreed to an earlier version has to agree again once this one is valid. */
  readonly renews: boolean;
  /** Who said no is not asked again for so many days. */
  readonly askAgainDays: number;
  readonly createdAt: Instant;
  /** An API key. */
  readonly createdBy: Uuid;
}

const Paragraphs = Type.Array(text(2_000), { minItems: 1, maxItems: 50 });
const AskAgainDays = {
  minimum: 0,
  maximum: 3_650,
  description: 'Whoever refuses or withdraws is not to be asked again for so many days.',
};

export const NewNotice = object(
  {
    purpose: PurposeName,
    zh: Paragraphs,
    en: Paragraphs,
    validFrom: Type.Optional(
      Type.Unsafe<string>({ ...InstantText, description: 'Not in the past; absent: at once.' }),
    ),
    renews: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'What is told has changed so much that consent to earlier versions ends when this one becomes valid.',
      }),
    ),
    askAgainDays: Type.Optional(Type.Integer({ ...AskAgainDays, default: 180 })),
  },
  { title: 'NewNotice' },
);

export const NoticeShown = object(
  {
    purpose: PurposeName,
    version: Type.Integer(),
    zh: Type.Array(Type.String()),
    en: Type.Array(Type.String()),
    validFrom: InstantText,
    renews: Type.Boolean(),
    askAgainDays: Type.Integer(),
    inForce: Type.Boolean({ description: 'The version that members are asked to agree to now.' }),
    createdAt: InstantText,
  },
  { title: 'Notice' },
);

/** The version that holds at `now`: the last one that is valid by then. */
export function noticeInForce(notices: readonly Notice[], now: Instant): Notice | undefined {
  return notices.findLast((each) => each.validFrom <= now);
}

export function showNotice(notice: Notice, inForce: boolean): Type.Static<typeof NoticeShown> {
  return {
    purpose: notice.purpose,
    version: notice.version,
    zh: [...notice.zh],
    en: [...notice.en],
    validFrom: showInstant(notice.validFrom),
    renews: notice.renews,
    askAgainDays: notice.askAgainDays,
    inForce,
    createdAt: showInstant(notice.createdAt),
  };
}

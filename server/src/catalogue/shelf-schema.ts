import Type from 'typebox';
import { type Instant, showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import {
  CHANGE_KINDS,
  type Draft,
  type Item,
  type NumberedChange,
  type Published,
} from '../platform/publishing/published.ts';
import { Code, InstantText, idOf, nullable, object, pageOf } from '../platform/web/schema.ts';

const STATES = ['draft', 'announced', 'in_force', 'ended', 'withdrawn'] as const;

/** What rewards and promotions are called, and the form of what is written of them. */
export interface Shelf<Body> {
  readonly family: 'reward' | 'promotion';
  /** As in the names of operations and schemas. */
  readonly noun: 'Reward' | 'Promotion';
  readonly bodySchema: Type.TSchema;
  /** A body as requests say it, whose form is checked; and as answers show it. */
  readonly read: (told: unknown) => Body;
  readonly show: (body: Body) => unknown;
  /** What its owner is told beside its versions. */
  readonly aside?: Aside<Body>;
}

/** More of items than stands in their versions. */
export interface Aside<Body> {
  /** The fields of an answer. */
  readonly fields: Record<string, Type.TSchema>;
  /** Of one that is not its reader's. */
  readonly hidden: object;
  /** In the order of `items`, each with what is in force of it, or else comes next. */
  read(
    sql: Sql,
    items: readonly { readonly id: Uuid; readonly body: Body | null }[],
  ): Promise<object[]>;
}

const versionIdOf = (family: 'reward' | 'promotion') =>
  family === 'reward' ? ('rewardVersion' as const) : ('promotionVersion' as const);

const maybe = <T, U>(value: T | null, show: (value: T) => U): U | null =>
  value === null ? null : show(value);

/** The forms of requests and answers about what stands on a shelf. */
export function shelfSchemas({
  family,
  noun,
  bodySchema: body,
  aside,
}: Pick<Shelf<unknown>, 'family' | 'noun' | 'bodySchema' | 'aside'>) {
  const version = versionIdOf(family);
  const from = Type.Optional({
    ...InstantText,
    description: 'By the programme’s clock; as soon as allowed if absent.',
  });
  const about = {
    code: Code,
    programme: Code,
    merchantId: nullable({ ...idOf('merchant'), description: 'Null: the operator’s.' }),
  };
  const reasons = Type.Array(
    object({
      path: Type.String({ description: 'A JSON pointer into the body.' }),
      reason: Type.String({ examples: ['dearer', 'narrower'] }),
      againstVersionId: nullable(idOf(version)),
    }),
  );
  const Version = object(
    {
      id: idOf(version),
      [`${family}Id`]: idOf(family),
      ...about,
      number: Type.Integer(),
      state: Type.Enum(STATES, {
        description: 'By the programme’s clock. `withdrawn`: it ended before it began.',
      }),
      body,
      createdAt: InstantText,
      createdBy: idOf('apiKey'),
      publishedAt: nullable(InstantText),
      publishedBy: nullable(idOf('apiKey')),
      comparison: nullable(
        object(
          {
            verdict: Type.Enum(['better_or_equal', 'worse'], {
              description:
                'For members, against what held before; `worse` also when it cannot be compared.',
            }),
            reasons,
          },
          { title: `${noun}Comparison` },
        ),
      ),
      noticeDays: nullable(
        Type.Integer({ description: 'Whole days that members were told beforehand; 0: none.' }),
      ),
      from: nullable(InstantText),
      until: nullable(InstantText),
      endedAt: nullable(InstantText),
      endedBy: nullable(idOf('apiKey')),
      retired: Type.Boolean(),
    },
    {
      title: `${noun}Version`,
      description: 'Once published it stays as it is, but for its end.',
    },
  );
  const Shown = object(
    {
      id: idOf(family),
      ...about,
      createdAt: InstantText,
      createdBy: idOf('apiKey'),
      draft: nullable(Version),
      current: nullable(Version),
      announced: Type.Array(Version),
      ...aside?.fields,
    },
    {
      title: noun,
      description:
        'With what is in force now and what is announced. Drafts are shown to their owner.',
    },
  );
  const Change = object(
    {
      kind: Type.Enum(CHANGE_KINDS),
      versionId: nullable(idOf(version)),
      versionNumber: nullable(Type.Integer()),
      changedAt: InstantText,
      changedBy: idOf('apiKey'),
      from: nullable(InstantText),
    },
    { title: `${noun}Change` },
  );
  return {
    New: object(
      {
        code: Code,
        programme: Type.Optional(Code),
        merchantId: Type.Optional({
          ...idOf('merchant'),
          description:
            'Whose it is. Without it the operator’s, or that of the merchant whose key asks.',
        }),
        body,
      },
      { title: `New${noun}` },
    ),
    NewDraft: object({ body }, { title: `New${noun}Draft` }),
    NewPublication: object({ from }, { title: `New${noun}Publication` }),
    NewRetirement: object({ from }, { title: `New${noun}Retirement` }),
    Dropped: object(
      { id: idOf(family), removed: Type.Boolean({ description: 'It went with its draft.' }) },
      { title: `${noun}DraftDropped` },
    ),
    Shown,
    Version,
    Page: pageOf(Shown, `${noun}Page`),
    VersionPage: pageOf(Version, `${noun}VersionPage`),
    ChangePage: pageOf(Change, `${noun}ChangePage`),
  };
}

/** An item, and the time by its programme's clock. */
export type ShownItem = Item & { readonly now: Instant };

function stateOf({ from, until }: Published<unknown>, now: Instant): (typeof STATES)[number] {
  if (until === from) return 'withdrawn';
  if (now < from) return 'announced';
  return until !== null && until <= now ? 'ended' : 'in_force';
}

const aboutOf = (item: Item) => ({
  code: item.code,
  programme: item.programmeCode,
  merchantId: maybe(item.merchant, (id) => showId('merchant', id)),
});

/** A version, or a draft, as answers show it. */
export function showVersion<Body>(
  { family, show }: Shelf<Body>,
  item: ShownItem,
  version: Draft<Body> | Published<Body>,
): object {
  const shownAs = versionIdOf(family);
  const published = 'publishedAt' in version ? version : null;
  const key = (id: Draft<Body>['id']) => showId('apiKey', id);
  return {
    id: showId(shownAs, version.id),
    [`${family}Id`]: showId(family, item.id),
    ...aboutOf(item),
    number: version.number,
    state: published === null ? 'draft' : stateOf(published, item.now),
    body: show(version.body),
    createdAt: showInstant(version.madeAt),
    createdBy: key(version.madeBy),
    publishedAt: maybe(published?.publishedAt ?? null, showInstant),
    publishedBy: maybe(published?.publishedBy ?? null, key),
    comparison: maybe(published?.comparison ?? null, ({ verdict, reasons }) => ({
      verdict,
      reasons: reasons.map(({ path, reason, against }) => ({
        path,
        reason,
        againstVersionId: against,
      })),
    })),
    noticeDays: published?.noticeDays ?? null,
    from: maybe(published?.from ?? null, showInstant),
    until: maybe(published?.until ?? null, showInstant),
    endedAt: maybe(published?.endedAt ?? null, showInstant),
    endedBy: maybe(published?.endedBy ?? null, key),
    retired: published?.retired ?? false,
  };
}

/** An item with the draft, if it is to be shown, and the versions that have not ended. */
export function showItem<Body>(
  shelf: Shelf<Body>,
  item: ShownItem,
  draft: Draft<Body> | undefined,
  versions: readonly Published<Body>[],
): object {
  const those = (state: (typeof STATES)[number]) =>
    versions
      .filter((each) => stateOf(each, item.now) === state)
      .map((each) => showVersion(shelf, item, each));
  return {
    id: showId(shelf.family, item.id),
    ...aboutOf(item),
    createdAt: showInstant(item.madeAt),
    createdBy: showId('apiKey', item.madeBy),
    draft: draft === undefined ? null : showVersion(shelf, item, draft),
    current: those('in_force')[0] ?? null,
    announced: those('announced'),
  };
}

export function showChange(
  { family }: Pick<Shelf<unknown>, 'family'>,
  change: NumberedChange,
): object {
  return {
    kind: change.kind,
    versionId: maybe(change.version, (id) => showId(versionIdOf(family), id)),
    versionNumber: change.versionNumber,
    changedAt: showInstant(change.changedAt),
    changedBy: showId('apiKey', change.changedBy),
    from: maybe(change.from, showInstant),
  };
}

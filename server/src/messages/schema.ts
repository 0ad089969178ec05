import Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { Code, InstantText, idOf, nullable, object } from '../platform/web/schema.ts';
import type { Received } from './inbox-store.ts';
import type { Evidence, Message } from './message.ts';
import { MESSAGE_KINDS } from './message.ts';

const WordsShown = object({ title: Type.String(), text: Type.String() }, { title: 'MessageWords' });

const shown = {
  id: idOf('message'),
  programme: Code,
  kind: Type.Enum(MESSAGE_KINDS),
  zh: WordsShown,
  en: WordsShown,
  facts: Type.Record(Type.String(), Type.Unknown(), {
    description: 'What the texts were made of, for an app that has texts of its own.',
  }),
  dueAt: InstantText,
  expiresAt: nullable(InstantText),
};

export const MessageShown = object(
  { ...shown, readAt: nullable(InstantText) },
  { title: 'Message' },
);

export const MessagePage = object(
  {
    items: Type.Array(MessageShown),
    unread: Type.Integer({ description: 'Of all messages, not of this page.' }),
    nextCursor: nullable(Type.String()),
  },
  { title: 'MessagePage' },
);

export const MessageSent = object(
  {
    ...shown,
    memberId: Type.Unsafe<string | null>({
      ...nullable(idOf('member')),
      description: 'Null: everybody in the programme.',
    }),
    channel: Type.Enum(['in_app']),
    madeAt: InstantText,
  },
  { title: 'MessageSent' },
);

const EvidenceShown = object(
  {
    memberId: idOf('member'),
    what: Type.Enum(['fetched', 'read'], {
      description: "First fetched by the member's side, or read by the member.",
    }),
    at: InstantText,
    by: idOf('apiKey'),
  },
  { title: 'MessageEvidence' },
);

export const EvidencePage = object(
  {
    message: MessageSent,
    items: Type.Array(EvidenceShown),
    nextCursor: nullable(Type.String()),
  },
  { title: 'MessageEvidencePage' },
);

/** The code of a programme, by its number. */
export type ProgrammeCode = (id: number) => string;

function show(message: Message, programmeCode: ProgrammeCode) {
  return {
    id: showId('message', message.id),
    programme: programmeCode(message.programme),
    kind: message.kind,
    zh: message.zh,
    en: message.en,
    facts: message.facts,
    dueAt: showInstant(message.dueAt),
    expiresAt: message.expiresAt === null ? null : showInstant(message.expiresAt),
  };
}

/** A message as its member has it. */
export function showMessage(
  message: Received,
  programmeCode: ProgrammeCode,
): Type.Static<typeof MessageShown> {
  const readAt = message.readAt === null ? null : showInstant(message.readAt);
  return { ...show(message, programmeCode), readAt };
}

/** A message as the operator sees it. */
export function showSent(
  message: Message,
  programmeCode: ProgrammeCode,
): Type.Static<typeof MessageSent> {
  const memberId = message.member === null ? null : showId('member', message.member);
  const madeAt = showInstant(message.madeAt);
  return { ...show(message, programmeCode), memberId, channel: message.channel, madeAt };
}

export function showEvidence({
  member,
  what,
  at,
  byKey,
}: Evidence): Type.Static<typeof EvidenceShown> {
  return {
    memberId: showId('member', member),
    what,
    at: showInstant(at),
    by: showId('apiKey', byKey),
  };
}

import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { assertReaches, principalOf } from '../platform/web/auth.ts';
import { readCursor, writeCursor } from '../platform/web/cursor.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  InstantText,
  idOf,
  mustReadId,
  mustReadInstant,
  nullable,
  object,
  PAGE_DEFAULT,
  PageQuery,
  pageOf,
} from '../platform/web/schema.ts';
import {
  ConsentChangeShown,
  ConsentShown,
  type ConsentSubject,
  NewConsent,
  showChange,
  showConsent,
} from './consent.ts';
import { giveConsent, withdrawConsent } from './give-consent.ts';
import { ConsentChannelName, MerchantPurposeName, OwnPurposeName } from './purpose.ts';
import { setMinority } from './set-minority.ts';
import { type ConsentDeps, speaker } from './speaker.ts';
import { listChanges, readConsents, readMinority } from './store.ts';

const tags = ['consents'];
/** Its cursors' list. */
const CHANGES = 'consent changes';
const ofMember = object({ id: idOf('member') });
const ofPurpose = object({ id: idOf('member'), purpose: OwnPurposeName });
const ofMerchant = object({
  id: idOf('member'),
  purpose: MerchantPurposeName,
  merchantId: idOf('merchant'),
});
const bySaying = object({ channel: ConsentChannelName });
const given = answers({ 200: ConsentShown }, 404, 409, 422);
const taken = given;

const ConsentList = object(
  {
    items: Type.Array(ConsentShown),
    under14Until: Type.Unsafe<string | null>({
      ...nullable(InstantText),
      description: 'Until then only the guardian can agree for the member.',
    }),
  },
  { title: 'ConsentList' },
);
const MinorityShown = object({ under14Until: InstantText }, { title: 'Minority' });

/** What members agree to, and the register of it. */
export function consentRoutes(app: App, deps: ConsentDeps): void {
  const { pool, clock } = deps;
  const speak = speaker(deps);

  app.put(
    '/members/:id/consents/:purpose',
    {
      config: { scopes: ['consents:write'], member: 'path' },
      schema: {
        operationId: 'giveConsent',
        tags,
        summary: 'A member agrees to a purpose',
        params: ofPurpose,
        body: NewConsent,
        response: given,
      },
    },
    async (request, reply) => {
      if (principalOf(request).merchant !== null) return refuse(reply, problem('operator_only'));
      const member = mustReadId('member', request.params.id);
      const subject = { purpose: request.params.purpose, merchant: null };
      return await speak(request, reply, member, (tx, by) =>
        giveConsent(tx, member, subject, request.body, by),
      );
    },
  );

  app.delete(
    '/members/:id/consents/:purpose',
    {
      config: { scopes: ['consents:write'], member: 'path' },
      schema: {
        operationId: 'withdrawConsent',
        tags,
        summary: 'A member takes consent back, or refuses it',
        description:
          'What is kept about the member only by this consent is deleted with it. Who never agreed has refused: ' +
          'do not ask again before `askAgainAt`.',
        params: ofPurpose,
        querystring: bySaying,
        response: taken,
      },
    },
    async (request, reply) => {
      if (principalOf(request).merchant !== null) return refuse(reply, problem('operator_only'));
      const member = mustReadId('member', request.params.id);
      const subject = { purpose: request.params.purpose, merchant: null };
      return await speak(request, reply, member, (tx, by) =>
        withdrawConsent(tx, member, subject, request.query.channel, by),
      );
    },
  );

  app.put(
    '/members/:id/consents/:purpose/:merchantId',
    {
      config: { scopes: ['consents:write'], member: 'path' },
      schema: {
        operationId: 'giveMerchantConsent',
        tags,
        summary: 'A member agrees that data goes to one merchant',
        params: ofMerchant,
        body: NewConsent,
        response: given,
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const subject = await subjectOf(request, member, request.params);
      return 'code' in subject
        ? refuse(reply, subject)
        : await speak(request, reply, member, (tx, by) =>
            giveConsent(tx, member, subject, request.body, by),
          );
    },
  );

  app.delete(
    '/members/:id/consents/:purpose/:merchantId',
    {
      config: { scopes: ['consents:write'], member: 'path' },
      schema: {
        operationId: 'withdrawMerchantConsent',
        tags,
        summary: 'A member does not agree, or no longer, that data goes to one merchant',
        params: ofMerchant,
        querystring: bySaying,
        response: taken,
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const subject = await subjectOf(request, member, request.params);
      return 'code' in subject
        ? refuse(reply, subject)
        : await speak(request, reply, member, (tx, by) =>
            withdrawConsent(tx, member, subject, request.query.channel, by),
          );
    },
  );

  app.get(
    '/members/:id/consents',
    {
      config: { scopes: ['consents:read'], member: 'path' },
      schema: {
        operationId: 'listConsents',
        tags,
        summary: "What a member said about each purpose last; a merchant's key sees what names it",
        params: ofMember,
        response: answers({ 200: ConsentList }, 404),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      if (!(await isReached(request, member))) return refuse(reply, problem('member_not_found'));
      const minorUntil = await readMinority(pool, member);
      const found = await readConsents(pool, member, principalOf(request).merchant);
      const now = clock.now();
      const under14Until = minorUntil === null ? null : showInstant(minorUntil);
      const items = found.map((each) => showConsent(each, minorUntil, now));
      return reply.code(200).send({ items, under14Until });
    },
  );

  app.get(
    '/members/:id/consent-changes',
    {
      config: { scopes: ['consents:read'], member: 'path' },
      schema: {
        operationId: 'listConsentChanges',
        tags,
        summary: "The register of a member's consents by age; a merchant's key sees what names it",
        params: ofMember,
        querystring: object(PageQuery),
        response: answers({ 200: pageOf(ConsentChangeShown, 'ConsentChangePage') }, 404),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const after = cursor === undefined ? 0 : readCursor(CHANGES, cursor)?.[0];
      if (!Number.isSafeInteger(after)) return refuse(reply, problem('cursor_invalid'));
      if (!(await isReached(request, member))) return refuse(reply, problem('member_not_found'));
      const { merchant } = principalOf(request);
      const found = await listChanges(pool, member, merchant, Number(after), limit + 1);
      const last = found.length > limit ? found[limit - 1] : undefined;
      return reply.code(200).send({
        items: found.slice(0, limit).map((each) => showChange(each, merchant === null)),
        nextCursor: last === undefined ? null : writeCursor(CHANGES, [last.number]),
      });
    },
  );

  app.put(
    '/members/:id/minority',
    {
      config: { scopes: ['consents:write'] },
      schema: {
        operationId: 'setMinority',
        tags,
        summary: 'Until when a member is under 14',
        description:
          'Until then only consents count that a guardian gave; a time in the past says that the member is not.',
        params: ofMember,
        body: object({ under14Until: InstantText }, { title: 'NewMinority' }),
        response: answers({ 200: MinorityShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      if (principalOf(request).merchant !== null) return refuse(reply, problem('operator_only'));
      const member = mustReadId('member', request.params.id);
      const until = mustReadInstant(request.body.under14Until);
      return await speak(request, reply, member, (tx, by) => setMinority(tx, member, until, by));
    },
  );

  /** A merchant's key has to do with members of its programme. */
  async function isReached(request: FastifyRequest, member: Uuid): Promise<boolean> {
    const { programme } = principalOf(request);
    return programme === null ? await deps.hasMember(member) : deps.takesPart(member, programme.id);
  }

  /** Of a merchant and a member that the caller reaches. */
  async function subjectOf(
    request: FastifyRequest,
    member: Uuid,
    { purpose, merchantId }: Type.Static<typeof ofMerchant>,
  ): Promise<ConsentSubject | Refusal> {
    const merchant = mustReadId('merchant', merchantId);
    assertReaches(principalOf(request), merchant);
    if (!(await isReached(request, member))) return problem('member_not_found');
    return (await deps.hasMerchant(merchant))
      ? { purpose, merchant }
      : problem('merchant_not_found');
  }
}

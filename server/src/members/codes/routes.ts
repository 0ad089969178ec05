import Type from 'typebox';
import { type Clock, type Instant, showInstant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import { type Pool, withTransaction } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import { type Principal, principalOf } from '../../platform/web/auth.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  Code,
  InstantText,
  idOf,
  mustReadId,
  mustReadInstant,
  nullable,
  object,
  PointsShown,
} from '../../platform/web/schema.ts';
import { showMember } from '../member.ts';
import { memberOf } from '../sessions/session-cookie.ts';
import type { SharesWith } from '../sight.ts';
import { readMember } from '../store.ts';
import { codeSecretOf, STEP_MS, showNumber } from './code.ts';
import { resolveCode } from './resolve-code.ts';
import { readNumber } from './store.ts';

export interface MemberCodeRoutes {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly sharesWith: SharesWith;
  /** The merchant a caller names; throws the refusal when it is not there for them. */
  readonly merchantOf: (
    principal: Principal,
    id: Uuid,
  ) => Promise<{ readonly programme: number; readonly programmeCode: string }>;
  /** The time of a programme: a sandbox's runs apart from the machine's. */
  readonly programmeClock: (programme: number) => Instant;
  /** What a member has, of all point types of a programme. */
  readonly availableOf: (
    member: Uuid,
    programme: string,
  ) => Promise<readonly { readonly pointType: string; readonly available: number }[]>;
}

const tags = ['member codes'];

const CodeSecretShown = object(
  {
    number: Type.String({ description: 'Ten digits that begin every code of this session.' }),
    secret: Type.String({
      description:
        '32 bytes in hex, for this phone alone. Keep it where no other page reads, and forget it when the session ends.',
    }),
    stepSeconds: Type.Integer({ description: 'How long a code is shown.' }),
    now: Type.String({
      ...InstantText,
      description: 'By the platform’s clock: codes are made by it, however wrong the phone’s is.',
    }),
  },
  { title: 'MemberCodeSecret' },
);

const ShownCode = object(
  {
    code: Type.String({ pattern: '^\\d{20}$' }),
    merchantId: Type.Unsafe<string>({
      ...idOf('merchant'),
      description: 'Where it was shown.',
    }),
    at: Type.Optional(
      Type.Unsafe<string>({
        ...InstantText,
        description:
          'When, by the programme’s clock, of a till that was cut off: at most 72 hours ago. Without: now.',
      }),
    ),
  },
  { title: 'ShownMemberCode' },
);

const MemberOfCode = object(
  {
    memberId: idOf('member'),
    name: Type.Unsafe<string | null>({
      ...nullable(Type.String()),
      description: 'Masked, unless they consent to `share_with_merchant`.',
    }),
    programme: Code,
    balances: Type.Array(object({ pointType: Code, available: PointsShown }), {
      description: 'Of all point types of the merchant’s programme, now.',
    }),
  },
  { title: 'MemberOfCode' },
);

/** Codes that members show at tills. */
export function memberCodeRoutes(app: App, deps: MemberCodeRoutes): void {
  const { pool, clock, sealer } = deps;

  app.get(
    '/me/code-secret',
    {
      config: { scopes: 'member' },
      schema: {
        operationId: 'getMyCodeSecret',
        tags,
        summary: 'What the phone makes the member’s codes of, also without a network',
        response: answers({ 200: CodeSecretShown }),
      },
    },
    async (request, reply) => {
      const { session } = memberOf(request);
      const number = await readNumber(pool, session);
      // It ended while it was asked about.
      if (number === undefined) return refuse(reply, problem('session_ended'));
      return {
        number: showNumber(number),
        secret: codeSecretOf(sealer, session).toString('hex'),
        stepSeconds: STEP_MS / 1_000,
        now: showInstant(clock.now()),
      };
    },
  );

  app.post(
    '/member-codes/resolve',
    {
      config: {
        scopes: ['members:read'],
        perProgramme: true,
        noDryRun: 'all that changes is where the code counts',
      },
      schema: {
        operationId: 'resolveMemberCode',
        tags,
        summary: 'Who shows this code at a till',
        description:
          'Once another merchant saw a code it is `member_code_used`; at the same merchant it may be told again. Phone and till may be five minutes apart: ' +
          '`member_code_expired` says in `secondsOff` by how much they are (below zero: the code is the older). After ten wrong codes of a phone in an hour it is `too_many_attempts`.',
        body: ShownCode,
        response: answers({ 200: MemberOfCode }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const merchant = mustReadId('merchant', request.body.merchantId);
      const { programme, programmeCode } = await deps.merchantOf(principalOf(request), merchant);
      const now = clock.now();
      // Tills know the programme's time, as in all they tell; codes are made by the machine's.
      const ahead = deps.programmeClock(programme) - now;
      const told = request.body.at;
      const at = told === undefined ? now : mustReadInstant(told) - ahead;
      const { code } = request.body;
      const found = await withTransaction(pool, (tx) =>
        resolveCode(tx, { code, at, merchant }, { sealer, now }),
      );
      if (typeof found !== 'string') {
        const wait = found.facts?.retryAfterSeconds;
        if (wait !== undefined) reply.header('retry-after', Number(wait));
        return refuse(reply, found);
      }
      const member = await readMember(pool, found, programme);
      if (member === undefined)
        return refuse(
          reply,
          problem('member_not_found', 'they do not take part in the programme of this merchant'),
        );
      const fullName = await deps.sharesWith(found, merchant);
      return {
        memberId: showId('member', found),
        name: showMember(member, sealer, { fullName }).name,
        programme: programmeCode,
        balances: [...(await deps.availableOf(found, programmeCode))],
      };
    },
  );
}

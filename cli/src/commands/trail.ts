import { type components, type Hongmi, ProblemError } from '@hongmi/sdk';
import { connect } from '../connect.ts';
import { usage } from '../failure.ts';
import { type Say, word } from '../messages.ts';
import type { Command, Shell } from '../shell.ts';
import { count, harmless, moment, table } from '../table.ts';

type Trail = components['schemas']['LotTrail'];
type Step = Trail['steps'][number];

const PAGE = 200;

export const trail: Command = {
  name: 'trail',
  usage: 'LOT [--json]',
  positionals: ['LOT'],
  flags: ['json'],
  help: {
    en: `Follow a lot (lot_…) from its making to everything that consumed it

Lots are listed by: hongmi lots MEMBER`,
    zh: `追踪一个批次（lot_…）：从产生到用在哪里

用 hongmi lots MEMBER 列出批次`,
  },
  async run({ positionals: [id = ''], flags }, shell) {
    if (!id.startsWith('lot_')) throw usage('id_bad', { value: id, form: 'lot_…' });
    const hongmi = await connect(shell);
    const found = await readTrail(hongmi, id);
    if (flags.has('json')) {
      shell.out(
        `${JSON.stringify({ lot: found.lot, summary: found.summary, steps: found.steps }, null, 2)}\n`,
      );
      return undefined;
    }
    shell.out(show(found, await readNames(hongmi, found, shell.say), shell));
    return undefined;
  },
};

async function readTrail(hongmi: Hongmi, id: string): Promise<Trail> {
  const read = (cursor: string | null) => {
    const query = cursor === null ? { limit: PAGE } : { limit: PAGE, cursor };
    return hongmi.getTrail({ id, ...query });
  };
  const first = await read(null);
  const steps = [...first.steps];
  for (let cursor = first.nextCursor; cursor !== null; ) {
    const page = await read(cursor);
    steps.push(...page.steps);
    cursor = page.nextCursor;
  }
  return { ...first, steps, nextCursor: null };
}

/** What ids in a trail are called by people: names of merchants and rules, numbers of returns. */
async function readNames(
  hongmi: Hongmi,
  { lot, steps }: Trail,
  say: Say,
): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const merchants = new Set([
    lot.issuerId,
    ...(lot.funders ?? []).map(({ merchantId }) => merchantId),
    ...steps.flatMap(({ merchantId }) => merchantId ?? []),
  ]);
  const rules = lot.ruleVersionId === undefined ? [] : [lot.ruleVersionId];
  const returns = new Set(steps.flatMap(({ returnId }) => returnId ?? []));
  const note = async (id: string, name: Promise<string>): Promise<void> => {
    try {
      names.set(id, await name);
    } catch (error) {
      // A key that may not read it sees the id.
      if (!(error instanceof ProblemError)) throw error;
    }
  };
  await Promise.all([
    ...[...merchants].map((id) =>
      note(
        id,
        hongmi.getMerchant({ id }).then((merchant) => merchant.name),
      ),
    ),
    ...rules.map((id) =>
      note(
        id,
        hongmi
          .getRuleVersion({ id })
          .then(({ body, code, number }) =>
            say('trail_rule_called', { name: body.name, code, number: count(number) }),
          ),
      ),
    ),
    ...[...returns].map((id) =>
      note(
        id,
        hongmi.getReturn({ id }).then((each) => each.returnNo),
      ),
    ),
  ]);
  return names;
}

function show({ lot, steps }: Trail, names: ReadonlyMap<string, string>, { say }: Shell): string {
  const called = (id: string): string => names.get(id) ?? id;
  const title = {
    id: lot.id,
    issued: count(lot.issued),
    type: `${lot.programme}/${lot.pointType}`,
    merchant: called(lot.issuerId),
  };
  const paidBy = (funders: NonNullable<Trail['lot']['funders']>): string =>
    funders.map(({ merchantId, share }) => `${called(merchantId)} ${count(share)}`).join(', ');
  const about = [
    say('trail_title', title),
    say('trail_owner', { member: lot.memberId }),
    say('trail_now', { remaining: count(lot.remaining), state: word(say, 'state', lot.state) }),
    ...(lot.ruleVersionId === undefined
      ? []
      : [say('trail_rule', { rule: called(lot.ruleVersionId) })]),
    ...(lot.funders === undefined ? [] : [say('trail_paid', { by: paidBy(lot.funders) })]),
    ...(lot.expiresAt === undefined ? [] : [say('trail_expires', { at: moment(lot.expiresAt) })]),
  ];
  const where = ({ orderNo, orderId, returnId, merchantId, holdId, otherLotId }: Step): string => {
    const parts = [
      merchantId === undefined ? undefined : called(merchantId),
      orderId === undefined ? undefined : say('trail_order', { number: orderNo ?? orderId }),
      returnId === undefined ? undefined : say('trail_return', { number: called(returnId) }),
      holdId,
      otherLotId === undefined ? undefined : say('trail_other_lot', { lot: otherLotId }),
    ];
    return parts.filter((part) => part !== undefined).join(', ');
  };
  const columns = [
    { title: say('column_at') },
    { title: say('column_what') },
    { title: say('column_points'), align: 'right' as const },
    { title: say('column_remaining'), align: 'right' as const },
    { title: say('column_where') },
    { title: '' },
  ];
  const rows = steps.map((step) => {
    const what = word(say, 'entry', step.entry);
    return [
      moment(step.at),
      what,
      count(step.points),
      count(step.remaining),
      where(step),
      step.transactionId,
    ];
  });
  return `${about.map(harmless).join('\n')}\n\n${table(columns, rows)}`;
}

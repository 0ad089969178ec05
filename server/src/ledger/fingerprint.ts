import { sha256 } from '../kernel/hash.ts';
import type { Command, IssueCommand } from './command.ts';
import { subjectOf } from './command.ts';
import { markOfLimit } from './limits.ts';

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;

/**
 * SHA-256 of what a caller asked for. A key that comes again with another fingerprint is refused. The
 * id is left out: it names the answer, not the request; so are a return's policy and whether it takes what is left, a refund's grace, a
 * conversion's rate and the usual expiry of points, which the caller takes from the programme's settings and the clock and
 * which may change before a retry, and the lots of a claw-back, of which more may arrive. A claw-back's policy is not left out: who sends it under another
 * one, because the member was merged on since, learns that it was decided.
 */
export function fingerprintOf(command: Command): Buffer {
  const { kind, programme, pointType, member, effectiveAt, source, detail } = command;
  const asked: unknown[] = [kind, programme, pointType, member, effectiveAt, subjectOf(command)];
  asked.push(
    'points' in command ? command.points : null,
    'merchant' in command ? command.merchant : null,
  );
  asked.push(
    source?.kind ?? null,
    source?.id ?? null,
    detail === undefined ? null : Object.entries(detail).sort(byName),
  );
  switch (command.kind) {
    case 'issue':
      asked.push(
        command.availableAt ?? null,
        expiryAsked(command),
        command.limits?.map((each) =>
          'budget' in each
            ? [each.budget, each.mode]
            : [each.counter, each.max, 'unit' in each ? each.unit : each.mode],
        ) ?? null,
      );
      asked.push(command.funders?.map((each) => [each.merchant, each.share]) ?? null);
      asked.push(command.claims?.map((each) => [each.merchant, each.scope, each.fact]) ?? null);
      asked.push(command.ruleVersion ?? null, command.evidence ?? null, command.unitCost ?? null);
      break;
    case 'burn':
      if (command.overdraftMax !== undefined) asked.push(command.overdraftMax);
      break;
    case 'transfer_out':
      asked.push(
        command.to,
        command.limits?.map((each) => [each.counter, each.max, each.mode]),
      );
      break;
    case 'transfer_in':
      asked.push(command.from, command.debt);
      asked.push(command.lots.map((each) => Object.entries(each).sort(byName)));
      break;
    case 'return':
      if (command.isAbsorbed === true) asked.push('absorbed');
      if (command.limits !== undefined && command.limits.length > 0)
        asked.push(command.limits.map(markOfLimit));
      break;
    case 'claw_back':
      asked.push(command.lot, command.giver.role, command.giver.merchant, command.policy);
      if (command.limits !== undefined && command.limits.length > 0)
        asked.push(command.limits.map(markOfLimit));
      break;
    case 'convert':
      asked.push(command.to);
      break;
    case 'hold':
    case 'adjust':
      asked.push(command.expiresAt ?? null);
      break;
    case 'release':
      asked.push(command.timeout ?? false);
      break;
    default:
  }
  return sha256(JSON.stringify(asked));
}

function expiryAsked({ expiry, expiresAt = null }: IssueCommand): number | string | null {
  if (expiry === undefined) return expiresAt;
  return expiry === 'usual' ? null : expiry;
}

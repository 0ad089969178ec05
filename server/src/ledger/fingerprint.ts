import { sha256 } from '../kernel/hash.ts';
import type { Command } from './command.ts';
import { subjectOf } from './command.ts';

/**
 * SHA-256 of what a caller asked for. A key that comes again with another fingerprint is refused. The
 * id is left out: it names the answer, not the request.
 */
export function fingerprintOf(command: Command): Buffer {
  const { kind, programme, pointType, member, effectiveAt, source, detail } = command;
  const asked: unknown[] = [kind, programme, pointType, member, effectiveAt, subjectOf(command)];
  asked.push('points' in command ? command.points : null, 'merchant' in command ? command.merchant : null);
  asked.push(source ?? null, detail ?? null);
  switch (command.kind) {
    case 'issue':
      asked.push(command.availableAt ?? null, command.expiresAt ?? null, command.limits ?? null, command.funders ?? null);
      asked.push(command.ruleVersion ?? null, command.evidence ?? null, command.unitCost ?? null);
      break;
    case 'hold':
    case 'adjust':
      asked.push(command.expiresAt ?? null);
      break;
    case 'release':
      asked.push(command.timeout ?? false);
      break;
    case 'return':
      asked.push(command.policy);
      break;
    case 'refund':
      asked.push(command.graceMs);
      break;
    default:
  }
  return sha256(JSON.stringify(asked));
}

import { type Finding, tellFinding } from '@hongmi/server/main/verify';
import { languageOf } from './messages.ts';
import type { Shell } from './shell.ts';
import { harmless } from './table.ts';

/** What verify found, a line each: where, about what, and what is wrong. */
export function findingLines(
  findings: readonly Finding[],
  { say, env }: Pick<Shell, 'say' | 'env'>,
): string[] {
  const language = languageOf(env);
  return findings.map((finding) => {
    const { shard, block } = finding;
    const { about, message } = tellFinding(finding, language);
    if (shard === undefined) return harmless(say('finding', { place: about, message }));
    const at = block === undefined ? say('finding_no_block') : say('finding_block', { block });
    // What is wrong with a block itself is about the place it stands in.
    const isBlock = finding.about === `block ${block}`;
    const there = say('finding_shard', { shard, at });
    const place = isBlock ? there : say('finding_place', { there, about });
    return harmless(say('finding', { place, message }));
  });
}

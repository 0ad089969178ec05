import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../ensure.mjs';

const LEAST_PERCENT = 80;

/** Tells per file how many mutants were killed, and which were not. */
export class MutationReport {
  #mutants;
  #killedBy = new Map();
  #met = new Set();
  #loaded = new Set();
  #failed = [];

  constructor(mutants) {
    this.#mutants = mutants;
  }

  onTestCaseResult(test) {
    const { met = [], kills = [] } = test.meta().mutation ?? {};
    for (const id of met) this.#met.add(id);
    for (const id of kills) this.#killedBy.set(id, test.fullName);
    if (!test.ok()) this.#failed.push(`${test.module.relativeModuleId} > ${test.fullName}`);
  }

  onTestModuleEnd(module) {
    const fallen = `${this.#killedBy.size} of ${this.#mutants.length} killed`;
    process.stderr.write(`${module.relativeModuleId}: ${fallen}\n`);
    for (const id of module.meta().loaded ?? []) this.#loaded.add(id);
    for (const error of module.errors())
      this.#failed.push(`${module.relativeModuleId}: ${error.message}`);
  }

  onTestRunEnd() {
    if (this.#failed.length > 0) {
      process.stdout.write(`without a mutant these fail:\n${this.#failed.join('\n')}\n`);
      process.exitCode = 1;
      return;
    }
    const judged = this.#mutants.map((mutant) => ({ ...mutant, fate: this.#fateOf(mutant) }));
    const folder = join(root, 'tmp', 'mutation');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'report.json'), JSON.stringify(judged, null, 1));
    const left = judged.filter(({ fate }) => fate === 'survived' || fate === 'not met');
    for (const { file, line, fate, original, replacement } of left)
      say(`${file}:${line} ${fate}: ${oneLine(original)}  →  ${oneLine(replacement)}`);
    say('');
    const files = [...new Set(judged.map(({ file }) => file))];
    for (const file of files)
      tell(
        file,
        judged.filter((mutant) => mutant.file === file),
      );
    if (tell('all', judged) < LEAST_PERCENT) process.exitCode = 1;
  }

  #fateOf({ id, isLeftOut }) {
    if (isLeftOut) return 'left out';
    if (this.#killedBy.has(id)) return `killed by: ${this.#killedBy.get(id)}`;
    if (this.#met.has(id)) return 'survived';
    // Evaluated when its module is loaded, once, before a switch can be turned.
    return this.#loaded.has(id) ? 'constant' : 'not met';
  }
}

function tell(name, mutants) {
  const count = (fate) => mutants.filter((mutant) => mutant.fate.startsWith(fate)).length;
  const [killed, leftOut] = [count('killed'), count('constant') + count('left out')];
  const percent = Math.floor((1000 * killed) / Math.max(1, mutants.length - leftOut)) / 10;
  say(
    `${name.padEnd(48)} ${String(percent).padStart(5)} %  ${killed} killed, ${count('survived')} survived, ` +
      `${count('not met')} not met, ${leftOut} left out`,
  );
  return percent;
}

const oneLine = (text) => text.replaceAll(/\s+/g, ' ').slice(0, 90);
const say = (line) => process.stdout.write(`${line}\n`);

import { createClient, type Hongmi, ProblemError } from '@hongmi/sdk';
import { runThrowAway } from '@hongmi/server/main/throw-away';
import { connect } from '../connect.ts';
import { EXIT_REFUSED, Failure, usage } from '../failure.ts';
import { languageOf } from '../messages.ts';
import { play } from '../scenarios/play.ts';
import { isMet, type Played, type Scenario } from '../scenarios/scenario.ts';
import { SCENARIOS } from '../scenarios/scenarios.ts';
import { playedJson, playedText } from '../scenarios/show-played.ts';
import type { Command, Shell } from '../shell.ts';

/** The command that plays these scenarios. */
export function playCommand(all: readonly Scenario[]): Command {
  const known = all.map(({ id }) => id).join(' ');
  return {
    name: 'scenarios',
    usage: '[SCENARIO …] [--json]',
    positionals: [],
    more: true,
    flags: ['json'],
    help: {
      en: `Play worked examples of trades, and show each figure beside what it must be

  npm run scenarios
  npm run scenarios -- S2 S14

  SCENARIO  one of ${known}; without any, all of them

They go through the API, in simulated time, in sandbox programmes of their own: on the server of HONGMI_URL (with
HONGMI_KEY), where they stay, or without it on a server that is started for them and goes away afterwards.
Exit code 1: a figure is different.`,
      zh: `演示各行业的算例，逐个列出应有的和实际的数字

  npm run scenarios
  npm run scenarios -- S2 S14

  SCENARIO  ${known} 之中的；不写则全部

都通过接口、在模拟的时间里、在各自的沙盒计划中进行：设置了 HONGMI_URL（和 HONGMI_KEY）就在那个服务上，并留在那里；
没有设置则启动一个临时服务，演完即消失。有数字不符时退出码为 1。`,
    },
    async run({ positionals, flags }, shell) {
      const chosen = choose(all, positionals);
      const stage = await openStage(shell);
      try {
        const results: { scenario: Scenario; played: Played }[] = [];
        for (const [index, scenario] of chosen.entries()) {
          shell.progress(shell.say('phase_playing'), index / chosen.length);
          results.push({ scenario, played: await playOut(scenario, stage.hongmi) });
        }
        shell.endProgress();
        return tell(results, flags.has('json'), shell);
      } finally {
        await stage.close();
      }
    },
  };
}

export const scenarios = playCommand(SCENARIOS);

function choose(all: readonly Scenario[], names: readonly string[]): readonly Scenario[] {
  const wanted = names.map((name) => {
    const found = all.find(({ id }) => id === name.toUpperCase());
    const known = all.map(({ id }) => id).join(' ');
    if (found === undefined) throw usage('scenario_unknown', { value: name, known });
    return found;
  });
  return wanted.length === 0 ? all : all.filter((each) => wanted.includes(each));
}

/** The server that is named, or one that lives as long as the plays. */
async function openStage(
  shell: Shell,
): Promise<{ readonly hongmi: Hongmi; close(): Promise<void> }> {
  const { HONGMI_URL: url = '' } = shell.env;
  if (url.trim() !== '') return { hongmi: await connect(shell), close: async () => {} };
  shell.err(`${shell.say('scenario_server')}\n`);
  const { url: own, key, close } = await runThrowAway();
  return { hongmi: createClient({ url: own, key }), close };
}

async function playOut(scenario: Scenario, hongmi: Hongmi): Promise<Played> {
  try {
    return await play(scenario, hongmi);
  } catch (error) {
    // A wrong key says so itself; anything else must say in which scenario it was.
    if (!(error instanceof ProblemError) || error.status === 401 || error.status === 403)
      throw error;
    const { code, problem } = error;
    throw new Failure('scenario_stopped', { id: scenario.id, detail: problem.detail, code });
  }
}

function tell(
  results: readonly { readonly scenario: Scenario; readonly played: Played }[],
  isJson: boolean,
  { env, say, out }: Shell,
): number | undefined {
  const figures = results.flatMap(({ played }) => played.figures);
  const differing = figures.filter((figure) => !isMet(figure)).length;
  if (isJson) {
    const shown = results.map(({ scenario, played }) => playedJson(scenario, played));
    const sum = { figures: figures.length, differing };
    out(`${JSON.stringify({ ...sum, scenarios: shown }, null, 2)}\n`);
  } else {
    const language = languageOf(env);
    for (const { scenario, played } of results)
      out(`${playedText(scenario, played, language, say)}\n`);
    const sum = { figures: figures.length, differing };
    out(`${say(differing === 0 ? 'scenarios_all' : 'scenarios_differ', sum)}\n`);
  }
  return differing === 0 ? undefined : EXIT_REFUSED;
}

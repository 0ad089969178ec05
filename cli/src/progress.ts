import type { WriteStream } from 'node:tty';
import cliProgress from 'cli-progress';

// The terminal stays as it is: whoever stops us with Ctrl-C must not be left without a cursor.
const TERMINAL = { hideCursor: null, linewrap: null, gracefulExit: false };

export interface Progress {
  show(label: string, done: number): void;
  end(): void;
}

/** A bar for whoever watches a terminal; nothing where the output goes to a file. */
export function createProgress(stream: WriteStream): Progress {
  let bar: { label: string; shown: cliProgress.SingleBar } | undefined;
  const end = (): void => {
    bar?.shown.stop();
    bar = undefined;
  };
  return {
    show(label, done) {
      if (!stream.isTTY) return;
      if (bar?.label !== label) {
        bar?.shown.update(100);
        end();
        const format = `${label} {bar} {percentage}% {duration_formatted}`;
        const shown = new cliProgress.SingleBar(
          { stream, format, ...TERMINAL },
          cliProgress.Presets.shades_classic,
        );
        shown.start(100, 0);
        bar = { label, shown };
      }
      bar.shown.update(Math.round(done * 100));
    },
    end,
  };
}

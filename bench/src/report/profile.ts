interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** The part of V8's CPU profile that is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: Frame;
  }[];
  readonly samples?: readonly number[];
  /** Microseconds between samples. */
  readonly timeDeltas?: readonly number[];
}

/** A function and its share of the time its thread was busy. */
interface SelfTime {
  readonly name: string;
  /** Relative to the repository or its package; empty for the engine itself. */
  readonly place: string;
  /** 0 to 1, of the busy time; callees not included. */
  readonly share: number;
}

/** Where a thread's busy time went: by function, and by module whatever the function. */
export interface Spent {
  /** Share of the time the thread was busy, 0 to 1. */
  readonly busy: number;
  readonly functions: readonly SelfTime[];
  readonly modules: readonly SelfTime[];
}

/** The functions and the modules in which the busy time was spent, longest first. */
export function whereTimeWent(profile: CpuProfile, rowsMax: number): Spent {
  const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const functions = new Map<string, Row>();
  const modules = new Map<string, Row>();
  let busy = 0;
  let all = 0;
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const frame = frames.get(id);
    if (frame === undefined) continue;
    const time = Math.max(0, profile.timeDeltas?.[index] ?? 0);
    all += time;
    if (isIdle(frame)) continue;
    busy += time;
    const name = frame.functionName === '' ? '(anonymous)' : frame.functionName;
    const file = frame.url === '' ? '' : placeOf(frame.url);
    add(functions, { name, place: file === '' ? '' : `${file}:${frame.lineNumber + 1}`, time });
    // Without a file it is V8 or Node's C++, of which only the collector is worth telling apart.
    const native = name === '(garbage collector)' ? name : '(native code)';
    add(modules, { name: file === '' ? native : moduleOf(file), place: '', time });
  }
  const longest = (rows: Map<string, Row>): SelfTime[] =>
    [...rows.values()]
      .sort((a, b) => b.time - a.time)
      .slice(0, rowsMax)
      .map(({ name, place, time }) => ({ name, place, share: time / busy }));
  return {
    busy: all === 0 ? 0 : busy / all,
    functions: longest(functions),
    modules: longest(modules),
  };
}

/**
 * A profile taken through an inspector session of the same process counts waiting for events as the
 * native `dispatch` that started it: a server without any request spends 97 % of its time there.
 */
function isIdle({ functionName, url }: Frame): boolean {
  return url === '' && ['(idle)', '(root)', 'dispatch'].includes(functionName);
}

interface Row {
  readonly name: string;
  readonly place: string;
  time: number;
}

function add(rows: Map<string, Row>, row: Row): void {
  const key = `${row.name} ${row.place}`;
  const known = rows.get(key);
  if (known === undefined) rows.set(key, row);
  else known.time += row.time;
}

/** A file of ours, a package of others, or `node` as a whole. */
function moduleOf(file: string): string {
  if (file.startsWith('node:')) return 'node';
  if (/^(server|bench|cli|sdk)\//.test(file)) return file;
  const [scope = '', name = ''] = file.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

// Results are committed, so nothing above the repository may show in them.
function placeOf(url: string): string {
  const inPackage = url.lastIndexOf('node_modules/');
  if (inPackage >= 0) return url.slice(inPackage + 'node_modules/'.length);
  const inWorkspace = /\/((server|bench|cli|sdk)\/dist\/.*)$/.exec(url);
  return inWorkspace?.[1] ?? (url.startsWith('node:') ? url : url.slice(url.lastIndexOf('/') + 1));
}

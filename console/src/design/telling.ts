import type { RefusedPart } from '@hongmi/sdk';
import type { Failure } from '@hongmi/ui/failure.ts';
import type { FormInstance } from 'antd';
import { useEffect, useRef, useState } from 'react';

/** A field of a form, as antd names it. */
export type FieldName = string | readonly (string | number)[];

/** How a form tells what the API refused of parts of what was sent. */
export interface Telling {
  /** The field in which a part stands, by its JSON pointer into the request. Undefined: no field has it. */
  readonly fieldOf: (pointer: string) => FieldName | undefined;
  /** What is wrong with a part, to a person; `byName`: with what it is called, because no field says that. */
  readonly say: (part: RefusedPart, byName: boolean) => string;
}

interface Told {
  /** What is wrong that no field tells; undefined: nothing is told by parts at all. */
  readonly parts: readonly string[] | undefined;
  /** Forgets what was told of fields, by the first part of their names: somebody writes in them. */
  readonly clear: (fields: readonly string[]) => void;
}

/** Tells what is wrong at the fields that are shown, and goes to the first of them; gives back what none of them has. */
export function useTold<Values extends object>(
  form: FormInstance<Values>,
  failure: Failure | undefined,
  telling: Telling | undefined,
): Told {
  const [parts, setParts] = useState<readonly string[]>();
  const marked = useRef<readonly FieldName[]>([]);
  const mark = (name: FieldName, errors: string[]): void =>
    form.setFields([{ name, errors }] as never);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was told once is not told again because the language changed
  useEffect(() => {
    for (const name of marked.current) mark(name, []);
    marked.current = [];
    const refused = failure?.kind === 'refused' ? failure.problem.errors : undefined;
    if (telling === undefined || refused === undefined) {
      setParts(undefined);
      return;
    }
    const { fieldOf, say } = telling;
    // A field that is not shown would be told in vain.
    const shown = new Set(form.getFieldsError().map(({ name }) => keyOf(name)));
    const found = refused.map((part) => {
      const name = fieldOf(part.path);
      return { part, name: name !== undefined && shown.has(keyOf(name)) ? name : undefined };
    });
    const byField = new Map<string, { readonly name: FieldName; readonly errors: string[] }>();
    for (const { part, name } of found) {
      if (name === undefined) continue;
      const before = byField.get(keyOf(name))?.errors ?? [];
      byField.set(keyOf(name), { name, errors: [...before, say(part, false)] });
    }
    for (const { name, errors } of byField.values()) mark(name, errors);
    marked.current = [...byField.values()].map(({ name }) => name);
    setParts(found.flatMap(({ part, name }) => (name === undefined ? [say(part, true)] : [])));
    const [first] = marked.current;
    if (first !== undefined) form.scrollToField(first as never, { block: 'center', focus: true });
  }, [form, failure]);

  return {
    parts,
    clear(fields) {
      const over = marked.current.filter((name) => fields.includes(headOf(name)));
      for (const name of over) mark(name, []);
      marked.current = marked.current.filter((name) => !over.includes(name));
    },
  };
}

const keyOf = (name: FieldName): string => JSON.stringify([name].flat());
const headOf = (name: FieldName): string => String([name].flat()[0]);

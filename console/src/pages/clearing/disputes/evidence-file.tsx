import { useWords } from '@hongmi/ui/language.ts';
import { useState } from 'react';
import { Code } from '../../../design/values.tsx';
import { words } from './words.ts';

/** What is told of a file that stays where it is. */
export interface Evidence {
  readonly fileName: string;
  readonly sha256: string;
}

/** Hashes a file here and tells its name and hash. `value` and `onChange` come from the form. */
export function EvidenceFile({
  id,
  value,
  onChange,
}: {
  readonly id?: string;
  readonly value?: Evidence;
  readonly onChange?: (value: Evidence | undefined) => void;
}) {
  const t = useWords(words);
  const [isHashing, setHashing] = useState(false);
  async function choose(file: File | undefined): Promise<void> {
    if (file === undefined) return onChange?.(undefined);
    setHashing(true);
    const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    const sha256 = Array.from(new Uint8Array(hash), (byte) =>
      byte.toString(16).padStart(2, '0'),
    ).join('');
    setHashing(false);
    onChange?.({ fileName: file.name, sha256 });
  }
  // Browsers hash in secure contexts alone: over plain http from elsewhere a file cannot be noted.
  return (
    <>
      <input
        id={id}
        type="file"
        disabled={crypto.subtle === undefined}
        onChange={({ target }) => void choose(target.files?.[0])}
      />
      <div role="status">
        {isHashing ? t.hashing : null}
        {value === undefined || isHashing ? null : (
          <>
            {value.fileName} · {t.hash} <Code>{value.sha256}</Code>
          </>
        )}
      </div>
    </>
  );
}

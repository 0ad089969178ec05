import { DownloadOutlined } from '@ant-design/icons';
import type { Download } from '@hongmi/sdk';
import { type Failure, failureOf } from '@hongmi/ui/failure.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { saveBlob } from '@hongmi/ui/save-blob.ts';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import { Dialog } from './dialog.tsx';
import { FailureAlert } from './failure-shown.tsx';

const words = wordsOf({
  zh: { failed: '没有下载' },
  en: { failed: 'Not downloaded' },
});

/** A file that the API makes, as it is asked for. */
export interface FileOffer {
  readonly key: string;
  readonly label: string;
  readonly load: () => Promise<Download>;
}

/** Files to choose from; a single one is a plain button. What is refused is said over the page, which stays as it is. */
export function DownloadMenu({
  label,
  files,
  small = false,
}: {
  readonly label: string;
  readonly files: readonly FileOffer[];
  readonly small?: boolean;
}) {
  const t = useWords(words);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();

  async function save({ key, load }: FileOffer): Promise<void> {
    setBusy(true);
    try {
      const { blob, filename } = await load();
      saveBlob(blob, filename ?? key);
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(false);
    }
  }

  const [only] = files;
  if (only === undefined) return null;
  const looks = {
    icon: <DownloadOutlined />,
    loading: isBusy,
    ...(small && { size: 'small' as const }),
  };
  const failed = (
    <Dialog title={t.failed} isOpen={failure !== undefined} onClose={() => setFailure(undefined)}>
      {failure === undefined ? null : <FailureAlert failure={failure} />}
    </Dialog>
  );
  if (files.length === 1)
    return (
      <>
        <Button {...looks} onClick={() => void save(only)}>
          {label}
        </Button>
        {failed}
      </>
    );
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: files.map(({ key, label }) => ({ key, label })),
          onClick: ({ key }) => {
            const asked = files.find((each) => each.key === key);
            if (asked !== undefined) void save(asked);
          },
        }}
      >
        <Button {...looks}>{label}</Button>
      </Dropdown>
      {failed}
    </>
  );
}

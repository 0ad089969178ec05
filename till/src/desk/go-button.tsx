import { Button } from 'antd-mobile';
import { type ReactNode, useEffect, useRef } from 'react';

/** What a sheet is opened for. It takes the focus, so that after a scan Enter does it. */
export function GoButton({
  isBusy,
  go,
  children,
}: {
  readonly isBusy: boolean;
  readonly go: () => void;
  readonly children: ReactNode;
}) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.querySelector('button')?.focus(), []);
  return (
    <div ref={place}>
      <Button block color="primary" size="large" loading={isBusy} onClick={go}>
        {children}
      </Button>
    </div>
  );
}

import { Modal } from 'antd';
import type { ReactNode } from 'react';

/** A form or a closer look over the page. What is inside brings its own buttons; Escape and the cross close it. */
export function Dialog({
  title,
  isOpen,
  onClose,
  width = 640,
  children,
}: {
  readonly title: ReactNode;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly width?: number;
  readonly children: ReactNode;
}) {
  return (
    <Modal
      title={title}
      open={isOpen}
      onCancel={onClose}
      footer={null}
      width={width}
      destroyOnHidden
      mask={{ closable: false }}
    >
      {children}
    </Modal>
  );
}

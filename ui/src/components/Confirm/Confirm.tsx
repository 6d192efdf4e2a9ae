import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../../i18n';
import { ErrorNote } from '../ErrorNote/ErrorNote';
import styles from './Confirm.module.css';

interface ConfirmProps {
  opened: boolean;
  title: string;
  act: string;
  busy: boolean;
  failure: unknown;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

export function Confirm({ opened, title, act, busy, failure, onConfirm, onClose, children }: ConfirmProps) {
  const t = useText();
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered closeButtonProps={{ 'aria-label': t('action.close') }}>
      <div className={styles.body}>
        <div>{children}</div>
        {failure ? <ErrorNote failure={failure} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            {t('action.back')}
          </Button>
          <Button onClick={onConfirm} loading={busy}>
            {act}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

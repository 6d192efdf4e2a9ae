import { Button } from '@mantine/core';
import { useState } from 'react';
import { isOver, useCancelRun, useRetryRun, useRollbackRun } from '../../api/runs';
import type { RunDetail } from '../../api/types';
import { Confirm } from '../../components/Confirm/Confirm';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { useText } from '../../i18n';
import styles from './Run.module.css';

type Asking = 'cancel' | 'rollback' | null;

/** What one can do to a run as it stands. What cannot be taken back is asked twice. */
export function RunActions({ run }: { run: RunDetail }) {
  const t = useText();
  const [asking, setAsking] = useState<Asking>(null);
  const cancel = useCancelRun(run.id);
  const retry = useRetryRun(run.id);
  const rollback = useRollbackRun(run.id);
  const [restored, setRestored] = useState<string[] | null>(null);
  const close = () => {
    setAsking(null);
    cancel.reset();
    rollback.reset();
  };
  const over = isOver(run.state);
  return (
    <>
      {!over && <Button variant="default" onClick={() => setAsking('cancel')}>{t('run.cancel')}</Button>}
      {over && run.state !== 'success' && (
        <Button loading={retry.isPending} onClick={() => retry.mutate(undefined)}>{t('run.retry')}</Button>
      )}
      {run.published && !run.rolled_back && (
        <Button variant="default" onClick={() => setAsking('rollback')}>{t('run.rollback')}</Button>
      )}
      <span role="status" className={styles.done}>{restored && t('run.rollback.done', { tables: restored.join(', ') })}</span>
      {retry.isError && <div className={styles.actionError}><ErrorNote failure={retry.error} /></div>}
      <Confirm opened={asking === 'cancel'} title={t('run.cancel')} act={t('run.cancel')} busy={cancel.isPending} failure={cancel.error} onClose={close} onConfirm={() => cancel.mutate(undefined, { onSuccess: close })}>
        {t('run.cancel.text')}
      </Confirm>
      <Confirm opened={asking === 'rollback'} title={t('run.rollback.title')} act={t('run.rollback')} busy={rollback.isPending} failure={rollback.error} onClose={close} onConfirm={() => rollback.mutate(undefined, { onSuccess: ({ tables }) => { setRestored(tables); close(); } })}>
        {t('run.rollback.text')}
      </Confirm>
    </>
  );
}

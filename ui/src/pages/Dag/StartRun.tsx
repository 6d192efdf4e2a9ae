import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { ApiError } from '../../api/client';
import { useTriggerRun } from '../../api/dags';
import type { Dag, ParamKind } from '../../api/types';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { useText } from '../../i18n';
import styles from './Dag.module.css';
import { isOfKind } from './params';

/** Starts a run: at once, or after asking for its parameters if the DAG has some. */
export function StartRun({ dag }: { dag: Dag }) {
  const t = useText();
  const navigate = useNavigate();
  const trigger = useTriggerRun(dag.id);
  const [asking, setAsking] = useState(false);
  const start = (params: Record<string, string>) => trigger.mutate(params, { onSuccess: (run) => void navigate(`/runs/${run.id}`) });
  const asks = Object.keys(dag.params).length > 0;
  const open = (opened: boolean) => {
    trigger.reset();
    setAsking(opened);
  };
  return (
    <>
      <Button loading={trigger.isPending && !asking} onClick={() => (asks ? open(true) : start({}))}>{t('dag.trigger')}</Button>
      {trigger.isError && !asking && <div className={styles.failure}><ErrorNote failure={trigger.error} /></div>}
      <Modal opened={asking} onClose={() => open(false)} title={t('dag.start.title', { dag: dag.id })} centered closeButtonProps={{ 'aria-label': t('action.close') }}>
        <ParamsForm dag={dag} busy={trigger.isPending} failure={trigger.error} onStart={start} onChange={() => trigger.reset()} onBack={() => open(false)} />
      </Modal>
    </>
  );
}

/** Whoever does not see the form hears there what is wrong. */
function focusOn(form: HTMLFormElement | null, field: string) {
  const input = form?.elements.namedItem(field);
  if (input instanceof HTMLElement) input.focus();
}

interface ParamsFormProps {
  dag: Dag;
  busy: boolean;
  failure: unknown;
  onStart: (params: Record<string, string>) => void;
  onChange: () => void;
  onBack: () => void;
}

function ParamsForm({ dag, busy, failure, onStart, onChange, onBack }: ParamsFormProps) {
  const t = useText();
  const [values, setValues] = useState(dag.params);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const kindOf = (name: string): ParamKind => dag.param_kinds[name] ?? 'text';
  const wrong = Object.keys(values).filter((name) => !isOfKind(values[name] ?? '', kindOf(name)));
  const refused = failure instanceof ApiError ? failure.body : undefined;
  const place = typeof refused?.field === 'string' && refused.field in values ? refused.field : undefined;
  const errorOf = (name: string) => {
    if (place === name) return refused?.message;
    return tried && wrong.includes(name) ? t(`dag.start.wrong.${kindOf(name)}`) : undefined;
  };
  useEffect(() => {
    if (place !== undefined) focusOn(form.current, place);
  }, [place, failure]);
  const change = (name: string, value: string) => {
    onChange();
    setValues((before) => ({ ...before, [name]: value }));
  };
  return (
    <form
      ref={form}
      noValidate
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (wrong[0] === undefined) onStart(values);
        else focusOn(form.current, wrong[0]);
      }}
    >
      <p className="soft small">{t('dag.start.lead')}</p>
      {Object.keys(dag.params).map((name, i) => {
        // the dialog would begin at its button that closes it
        const field = { name, label: name, error: errorOf(name), 'data-autofocus': i === 0 || undefined };
        const kind = kindOf(name);
        if (kind === 'flag') {
          return <Checkbox key={name} {...field} checked={values[name] === 'true'} onChange={(event) => change(name, String(event.currentTarget.checked))} />;
        }
        return (
          <TextInput
            key={name}
            {...field}
            description={t(`dag.start.${kind}`, { default: dag.params[name] })}
            type={kind === 'date' ? 'date' : 'text'}
            inputMode={kind === 'number' ? 'decimal' : undefined}
            value={values[name]}
            onChange={(event) => change(name, event.currentTarget.value)}
          />
        );
      })}
      {failure && place === undefined ? <ErrorNote failure={failure} /> : null}
      <div className={styles.buttons}>
        <Button variant="default" onClick={onBack}>{t('action.back')}</Button>
        <Button type="submit" loading={busy}>{t('dag.trigger')}</Button>
      </div>
    </form>
  );
}

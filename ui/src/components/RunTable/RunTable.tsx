import { Link } from 'react-router';
import type { Run } from '../../api/types';
import { formatDated, formatDuration } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { Ago } from '../Ago/Ago';
import { useNow } from '../Ago/useNow';
import { StateMark } from '../StateMark/StateMark';
import { WaitsFor } from '../WaitsFor/WaitsFor';
import { DataTable } from '../DataTable/DataTable';

export function RunTable({ runs, caption, withDag }: { runs: Run[]; caption: string; withDag?: boolean }) {
  const t = useText();
  const lang = useLanguage();
  return (
    <DataTable label={caption}>
      <thead>
        <tr>
          <th scope="col">{t('column.state')}</th>
          <th scope="col">{t('column.run')}</th>
          <th scope="col" className="minor">{t('column.trigger')}</th>
          <th scope="col" className="number minor">{t('column.duration')}</th>
          <th scope="col">{t('column.started')}</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.id}>
            <td><StateMark state={run.state} /><WaitsFor run={run} /></td>
            <th scope="row">
              <Link to={`/runs/${run.id}`} title={run.id}>
                {withDag && `${run.dag_id}, `}{formatDated(run.logical_time, lang)}
              </Link>
              {run.rolled_back && <span className="soft"> · {t('run.rolledBack')}</span>}
            </th>
            <td className="soft minor">{t(`trigger.${run.trigger}`)}</td>
            <td className="number minor"><RunDuration run={run} /></td>
            <td className="soft">{run.started_at ? <Ago at={run.started_at} /> : '–'}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}

/** How long it took, or has taken so far. */
export function RunDuration({ run }: { run: { started_at: string | null; ended_at: string | null; duration_ms: number | null } }) {
  const lang = useLanguage();
  const now = useNow(1000);
  if (run.started_at === null) return <>–</>;
  const live = run.ended_at === null;
  return <>{formatDuration(live ? Math.max(0, now - Date.parse(run.started_at)) : (run.duration_ms ?? 0), lang)}</>;
}

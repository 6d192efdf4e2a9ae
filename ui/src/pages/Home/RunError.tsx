import { Link } from 'react-router';
import type { Run } from '../../api/types';
import { Ago } from '../../components/Ago/Ago';
import { Sentence } from '../../components/Sentence/Sentence';
import { StateMark } from '../../components/StateMark/StateMark';
import { useText } from '../../i18n';
import styles from './Home.module.css';

/** `repaired`: a later run of the same DAG has succeeded. */
export function RunError({ run, repaired }: { run: Run; repaired: boolean }) {
  const t = useText();
  return (
    <li className={styles.failure}>
      <StateMark state={run.state} label="hidden" size={20} />
      <div className={styles.failureText}>
        <p>
          <Link to={`/runs/${run.id}`}>{run.dag_id}</Link>{' '}
          <span className="soft small">
            <Ago at={run.ended_at ?? run.created_at} /> · {t(run.published ? 'home.failed.published' : 'home.failed.unpublished')}
            {repaired && ` · ${t('home.failed.repaired')}`}
          </span>
        </p>
        <p className={styles.error}>{run.error ? <Sentence text={run.error} /> : t('run.noError')}</p>
      </div>
    </li>
  );
}

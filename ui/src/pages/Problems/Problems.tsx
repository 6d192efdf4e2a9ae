import { AS_THEY_ARE_MENDED, useProblems } from '../../api/project';
import type { Problem } from '../../api/types';
import { cx } from '../../components/cx';
import { Empty } from '../../components/Empty/Empty';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { Page, Section } from '../../components/Page/Page';
import { Sentence } from '../../components/Sentence/Sentence';
import { useText } from '../../i18n';
import styles from './Problems.module.css';

/** What is wrong with the project's files, file by file, with what mends it. */
export function ProblemsPage() {
  const t = useText();
  const problems = useProblems(true, AS_THEY_ARE_MENDED);
  const files = [...new Set((problems.data ?? []).map((one) => one.file))];
  const errors = (problems.data ?? []).some((one) => one.severity === 'error');
  return (
    <Page title={t('problems.title')} lead={t(errors ? 'problems.lead.errors' : 'problems.lead')}>
      {problems.isPending && <Loading lines={6} />}
      {problems.isError && !problems.data && <ErrorNote failure={problems.error} onRetry={() => void problems.refetch()} />}
      {problems.data?.length === 0 && <Empty title={t('problems.none')}>{t('problems.none.hint')}</Empty>}
      {files.map((file) => (
        <Section key={file} title={file} flush>
          <ul>
            {(problems.data ?? []).filter((one) => one.file === file).map((one) => <Line key={`${one.line} ${one.column} ${one.message}`} problem={one} />)}
          </ul>
        </Section>
      ))}
    </Page>
  );
}

function Line({ problem }: { problem: Problem }) {
  const t = useText();
  const { severity, line, column, message, hint } = problem;
  return (
    <li className={cx(styles.problem, styles[severity])}>
      <p className={styles.place}>
        <span className={styles.severity}>{t(`problems.${severity}`)}</span>{' '}
        <span>{t('problems.at', { line, column })}</span>
      </p>
      <p className={styles.message}><Sentence text={message} /></p>
      {hint && <p className={styles.hint}><span className="soft">{t('problems.remedy')}</span> <Sentence text={hint} /></p>}
    </li>
  );
}

import { Link, useLocation } from 'react-router';
import { useProblems } from '../../api/project';
import { cx } from '../../components/cx';
import { useText } from '../../i18n';
import styles from './Shell.module.css';

/** Says on every page but their own that files of the project have problems. */
export function ProblemsBanner({ signedIn }: { signedIn: boolean }) {
  const t = useText();
  const { pathname } = useLocation();
  const problems = useProblems(signedIn).data ?? [];
  const errors = problems.filter((one) => one.severity === 'error').length;
  return (
    <div aria-live="polite">
      {problems.length > 0 && pathname !== '/problems' && (
        <p className={cx(styles.problems, errors > 0 && styles.errors)}>
          {errors > 0 ? t('problems.banner.errors', { count: errors }) : t('problems.banner.warnings', { count: problems.length })}{' '}
          <Link to="/problems">{t('problems.banner.show')}</Link>
        </p>
      )}
    </div>
  );
}

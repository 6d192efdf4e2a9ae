import { Link } from 'react-router';
import { useText } from '../../i18n';
import { Sentence } from '../Sentence/Sentence';
import styles from './Broken.module.css';

/** Says of a thing that its file has errors: what is wrong, and where all of it stands. */
export function Broken({ broken }: { broken?: string | null }) {
  const t = useText();
  if (!broken) return null;
  return (
    <p className={styles.broken}>
      <strong>{t('broken.file')}</strong> <Sentence text={broken} /> <Link to="/problems">{t('problems.banner.show')}</Link>
    </p>
  );
}

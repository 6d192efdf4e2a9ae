import { ActionIcon, Button, Popover, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { useSignOut } from '../../api/session';
import { changeLanguage, useLanguage, useText, type Language } from '../../i18n';
import styles from './Preferences.module.css';

const LANGUAGES: { value: Language; label: string }[] = [
  { value: 'fr', label: 'Français' },
  { value: 'en', label: 'English' },
];

/** Language, theme and sign-out. */
export function Preferences({ user, version }: { user?: string; version?: string }) {
  const t = useText();
  const lang = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  return (
    <Popover position="top-start" shadow="md" trapFocus returnFocus withRoles={false}>
      <Popover.Target>
        <ActionIcon variant="transparent" size={36} className={styles.open} aria-label={t('nav.preferences')} aria-haspopup="dialog">
          <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            <path d="M3 6h8M15 6h2M3 14h2M9 14h8" />
            <circle cx="13" cy="6" r="2" />
            <circle cx="7" cy="14" r="2" />
          </svg>
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={t('nav.preferences')} className={styles.panel}>
        <p className={styles.label} aria-hidden="true">{t('preferences.language')}</p>
        <SegmentedControl fullWidth size="xs" aria-label={t('preferences.language')} value={lang} onChange={(chosen) => changeLanguage(chosen)} data={LANGUAGES} />
        <p className={styles.label} aria-hidden="true">{t('preferences.theme')}</p>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t('preferences.theme')}
          value={colorScheme}
          onChange={(chosen) => setColorScheme(chosen)}
          data={(['light', 'dark', 'auto'] as const).map((scheme) => ({ value: scheme, label: t(`preferences.theme.${scheme}`) }))}
        />
        {user && (
          <Button variant="default" size="xs" className={styles.out} loading={signOut.isPending} onClick={() => signOut.mutate()}>
            {t('preferences.signOut', { user })}
          </Button>
        )}
        {version && <p className={styles.version}>{t('preferences.version', { version })}</p>}
      </Popover.Dropdown>
    </Popover>
  );
}

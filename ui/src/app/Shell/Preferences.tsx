import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import { useSignOut } from '../../api/session';
import { changeLanguage, useLanguage, useText } from '../../i18n';
import styles from './Shell.module.css';

/** Language, theme and sign-out. */
export function Preferences({ user, version }: { user?: string; version?: string }) {
  const t = useText();
  const lang = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  return (
    <div className={styles.preferences}>
      <Menu position="top-start" shadow="md" width={220} withinPortal>
        <Menu.Target>
          <ActionIcon variant="transparent" size={36} className={styles.gear} aria-label={t('nav.preferences')}>
            <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
              <path d="M3 6h8M15 6h2M3 14h2M9 14h8" />
              <circle cx="13" cy="6" r="2" />
              <circle cx="7" cy="14" r="2" />
            </svg>
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('preferences.language')}</Menu.Label>
          <Menu.Item lang="fr" onClick={() => changeLanguage('fr')} rightSection={mark(lang === 'fr')}>Français</Menu.Item>
          <Menu.Item lang="en" onClick={() => changeLanguage('en')} rightSection={mark(lang === 'en')}>English</Menu.Item>
          <Menu.Divider />
          <Menu.Label>{t('preferences.theme')}</Menu.Label>
          {(['light', 'dark', 'auto'] as const).map((scheme) => (
            <Menu.Item key={scheme} onClick={() => setColorScheme(scheme)} rightSection={mark(colorScheme === scheme)}>
              {t(`preferences.theme.${scheme}`)}
            </Menu.Item>
          ))}
          {user && (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => signOut.mutate()}>{t('preferences.signOut', { user })}</Menu.Item>
            </>
          )}
          {version && <Menu.Label>{t('preferences.version', { version })}</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function mark(chosen: boolean) {
  return chosen ? <span aria-hidden="true">✓</span> : null;
}

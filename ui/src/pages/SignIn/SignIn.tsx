import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { ApiError } from '../../api/client';
import { useHealth, useSignIn } from '../../api/session';
import { Preferences } from '../../app/Shell/Preferences';
import { ServerBanner } from '../../app/Shell/ServerBanner';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Logo } from '../../components/Logo/Logo';
import { useText } from '../../i18n';
import { codeOf } from './codeOf';
import styles from './SignIn.module.css';

/** /sign-in#code=… : uses up the code of the link, then goes home. */
export function SignInPage() {
  const navigate = useNavigate();
  const health = useHealth();
  return (
    <>
      <ServerBanner health={health} live="off" />
      <SignIn onDone={() => void navigate('/', { replace: true })} />
    </>
  );
}

/** Also stands in place of any page when nobody is signed in; then it stays at that page's address. */
export function SignIn({ onDone }: { onDone?: () => void }) {
  const t = useText();
  const signIn = useSignIn();
  const [pasted, setPasted] = useState('');
  const used = useRef(false);
  const fromLink = codeOf(window.location.hash);

  const enter = (code: string) => signIn.mutate(code, { onSuccess: onDone });
  useEffect(() => {
    document.title = `${t('signIn.title')} · Écluse`;
    if (fromLink === null || used.current) return;
    // A code works once, so a second render must not post it again; nor may it stay in the history.
    used.current = true;
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
    enter(fromLink);
  });

  const refused = signIn.error instanceof ApiError && signIn.error.status < 500;
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.head}>
          <Logo size={40} />
          <h1>{t('signIn.title')}</h1>
        </div>
        {signIn.isPending && <p role="status">{t('signIn.working')}</p>}
        {signIn.error && <ErrorNote failure={signIn.error} title={refused ? t('signIn.refused') : undefined} />}
        <p>{t('signIn.how')}</p>
        <ol className={styles.steps}>
          <li>{t('signIn.step.output')}</li>
          <li>
            {t('signIn.step.command')}
            <pre className={styles.command}>
              <code>ecluse sign-in</code>
            </pre>
          </li>
          <li>{t('signIn.step.open')}</li>
        </ol>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            const code = codeOf(pasted);
            if (code !== null) enter(code);
          }}
        >
          <TextInput
            label={t('signIn.paste')}
            value={pasted}
            onChange={(event) => setPasted(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
          <Button type="submit" disabled={codeOf(pasted) === null} loading={signIn.isPending}>
            {t('signIn.enter')}
          </Button>
        </form>
        <div className={styles.preferences}>
          <Preferences />
        </div>
      </div>
    </main>
  );
}

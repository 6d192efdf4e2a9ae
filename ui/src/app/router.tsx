import { createBrowserRouter, type RouteObject } from 'react-router';
import { Loading } from '../components/Loading/Loading';
import { Home } from '../pages/Home/Home';
import { NotFound } from '../pages/NotFound/NotFound';
import { SignInPage } from '../pages/SignIn/SignIn';
import { Crash } from './Crash';
import { Shell } from './Shell/Shell';

/** Home comes with the first screen; every other page is a chunk of its own. */
const pages: Record<string, () => Promise<{ Component: React.ComponentType }>> = {
  dags: async () => ({ Component: (await import('../pages/Dags/Dags')).Dags }),
  'dags/:dagId': async () => ({ Component: (await import('../pages/Dag/Dag')).DagPage }),
  runs: async () => ({ Component: (await import('../pages/Runs/Runs')).Runs }),
  'runs/:runId': async () => ({ Component: (await import('../pages/Run/Run')).RunPage }),
  catalog: async () => ({ Component: (await import('../pages/Catalog/Catalog')).CatalogPage }),
  'catalog/:schema/:table': async () => ({ Component: (await import('../pages/Table/Table')).TablePage }),
  batches: async () => ({ Component: (await import('../pages/Batches/Batches')).BatchesPage }),
  'batches/:source/:stream': async () => ({ Component: (await import('../pages/Batches/Stream')).StreamPage }),
  'batches/:source/:stream/:extract': async () => ({ Component: (await import('../pages/Batches/Batch')).BatchPage }),
  problems: async () => ({ Component: (await import('../pages/Problems/Problems')).ProblemsPage }),
  sql: async () => ({ Component: (await import('../pages/Sql/Sql')).SqlPage }),
  dashboards: async () => ({ Component: (await import('../pages/Dashboards/Dashboards')).Dashboards }),
  'dashboards/:dashboardId': async () => ({ Component: (await import('../pages/Dashboard/Dashboard')).DashboardPage }),
};

const routes: RouteObject[] = [
  { path: '/sign-in', element: <SignInPage />, errorElement: <Crash /> },
  {
    element: <Shell />,
    errorElement: <Crash />,
    HydrateFallback: () => <Loading />,
    children: [
      {
        errorElement: <Crash />,
        children: [
          { index: true, element: <Home /> },
          ...Object.entries(pages).map(([path, lazy]) => ({ path, lazy })),
          { path: '*', element: <NotFound /> },
        ],
      },
    ],
  },
];

export function makeRouter() {
  return createBrowserRouter(routes);
}

/** Fetches the pages (not the heavy parts within them) while nobody waits, so that a click need not. */
export function fetchPagesAhead() {
  const fetchAll = () => Object.values(pages).forEach((page) => void page().catch(() => undefined));
  if ('requestIdleCallback' in window) window.requestIdleCallback(fetchAll, { timeout: 5000 });
  else setTimeout(fetchAll, 2000);
}

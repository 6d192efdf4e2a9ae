import { createBrowserRouter, type RouteObject } from 'react-router';
import { Loading } from '../components/Loading/Loading';
import { Home } from '../pages/Home/Home';
import { NotFound } from '../pages/NotFound/NotFound';
import { SignInPage } from '../pages/SignIn/SignIn';
import { Shell } from './Shell/Shell';
import { Crash } from './Crash';

/** Home comes with the first screen; every other page is a chunk of its own. */
export const routes: RouteObject[] = [
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
          { path: 'dags', lazy: async () => ({ Component: (await import('../pages/Dags/Dags')).Dags }) },
          { path: 'dags/:dagId', lazy: async () => ({ Component: (await import('../pages/Dag/Dag')).DagPage }) },
          { path: 'runs', lazy: async () => ({ Component: (await import('../pages/Runs/Runs')).Runs }) },
          { path: 'runs/:runId', lazy: async () => ({ Component: (await import('../pages/Run/Run')).RunPage }) },
          { path: 'catalog', lazy: async () => ({ Component: (await import('../pages/Catalog/Catalog')).CatalogPage }) },
          {
            path: 'catalog/:schema/:table',
            lazy: async () => ({ Component: (await import('../pages/Table/Table')).TablePage }),
          },
          { path: 'sql', lazy: async () => ({ Component: (await import('../pages/Sql/Sql')).SqlPage }) },
          { path: 'dashboards', lazy: async () => ({ Component: (await import('../pages/Dashboards/Dashboards')).Dashboards }) },
          {
            path: 'dashboards/:dashboardId',
            lazy: async () => ({ Component: (await import('../pages/Dashboard/Dashboard')).DashboardPage }),
          },
          { path: '*', element: <NotFound /> },
        ],
      },
    ],
  },
];

export function makeRouter() {
  return createBrowserRouter(routes);
}

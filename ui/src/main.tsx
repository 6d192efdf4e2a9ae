import '@mantine/core/styles.layer.css';
import './theme/tokens.css';
import './theme/table.css';
import './theme/code.css';
import './theme/controls.css';
import './theme/print.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { watchPrinting } from './app/printing';
import { makeQueryClient } from './app/queryClient';
import { fetchPagesAhead, makeRouter } from './app/router';
import { theme, variables } from './theme/mantine';

const colorScheme = localStorageColorSchemeManager({ key: 'ecluse.theme' });
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root"');

watchPrinting();
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} colorSchemeManager={colorScheme} defaultColorScheme="auto">
      <QueryClientProvider client={makeQueryClient()}>
        <RouterProvider router={makeRouter()} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
fetchPagesAhead();

import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { stampStyles } from './app/nonce.ts';
import './base.css';

stampStyles();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has a place for the console');
createRoot(root).render(<App />);

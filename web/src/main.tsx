import { render } from 'solid-js/web'
import { App } from './App.tsx'
import './styles/index.css'

const host = document.getElementById('app')
if (host) render(() => <App />, host)

import { Client, forget, visitOf } from './api'
import { Page } from './page'
import { languageOf } from './texts'

const app = document.getElementById('app')
if (!app) throw new Error('the page has no #app element')

const visit = visitOf(location, history, sessionStorage)
const page = new Page(app, visit && new Client(visit), languageOf([visit?.locale ?? '', ...navigator.languages]), 1000, () => forget(sessionStorage))
void page.open()

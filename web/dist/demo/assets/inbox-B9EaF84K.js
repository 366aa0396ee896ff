import{c as e,l as t,n,r,t as i,u as a}from"./repeat-aVUYCCT8.js";var o={en:{title:`Inbox`,hint:`Every mail that this demo sends lands here. The page updates by itself.`,filter:`Only mails to this address`,back:`Back to the shop`,empty:`No mail yet. Start a verification with an e-mail address in the shop.`,failed:`The inbox does not answer; trying again.`,to:`To`,copy:`Copy code`,copied:`Code {code} is copied.`},de:{title:`Postfach`,hint:`Jede E-Mail dieser Vorführung landet hier. Die Seite aktualisiert sich von selbst.`,filter:`Nur E-Mails an diese Adresse`,back:`Zurück zum Laden`,empty:`Noch keine E-Mail. Beginnen Sie im Laden einen Nachweis mit einer E-Mail-Adresse.`,failed:`Das Postfach antwortet nicht; es wird erneut versucht.`,to:`An`,copy:`Code kopieren`,copied:`Der Code {code} ist kopiert.`}},s=3e3,c=document.getElementById(`app`);if(!c)throw Error(`the page has no #app element`);var l=[],u=new URLSearchParams(location.search).get(`to`)??``,d=``,f=!1;function p(){let r=o[n()];document.title=`${r.title} · Northside Supply`,t(a`<main>
      <div class="row">
        <h1>${r.title}</h1>
        <a class="second" href="/demo/">${r.back}</a>
      </div>
      <p class="soft">${r.hint}</p>
      <label for="to">${r.filter}</label>
      <input id="to" type="search" autocomplete="off" spellcheck="false" .value=${u} @input=${h} />
      <p class="problem" role="alert">${f?r.failed:e}</p>
      <p class="notice" role="status">${d?r.copied.replace(`{code}`,d):e}</p>
      ${l.length?e:a`<p class="sheet soft">${r.empty}</p>`}
      <ol>
        ${i(l,e=>e.sent_at+e.to,m)}
      </ol>
    </main>`,c)}function m(t){let i=o[n()];return a`<li class="sheet">
    <div class="row">
      <h2>${t.subject}</h2>
      <time class="soft small" datetime=${t.sent_at}>${r(t.sent_at)}</time>
    </div>
    <p class="soft">${i.to} ${t.to}</p>
    ${t.code?a`<p class="row code">
          <strong>${t.code}</strong>
          <button class="main" type="button" @click=${()=>void g(t.code??``)}>${i.copy}</button>
        </p>`:e}
    <p class="text">${t.text}</p>
  </li>`}function h(e){u=e.target.value.trim(),_()}async function g(e){try{await navigator.clipboard.writeText(e),d=e}catch{d=``}p()}async function _(){let e=u;try{let t=await fetch(`/demo/inbox.json${e?`?to=${encodeURIComponent(e)}`:``}`);if(!t.ok)throw Error(t.statusText);let n=await t.json();e===u&&(l=n),f=!1}catch{f=!0}p()}async function v(){document.hidden||await _(),setTimeout(()=>void v(),s)}document.addEventListener(`visibilitychange`,()=>void(document.hidden||_())),v();
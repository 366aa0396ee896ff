import{a as e,c as t,d as n,i as r,l as i,n as a,o,r as s,s as c,t as l,u}from"./repeat-aVUYCCT8.js";var d=100,f=[],p=[],ee=0;function m(){return f}function h(e){p.push(e)}function g(e){f.unshift({...e,id:++ee}),f.length=Math.min(f.length,d);for(let e of p)e()}function _(){f.length=0;for(let e of p)e()}function te(){let e=globalThis.fetch;globalThis.fetch=async(t,n)=>{let r=new URL(t instanceof Request?t.url:String(t),location.href);if(!r.pathname.startsWith(`/v1/`))return e(t,n);let i=performance.now(),a={method:n?.method??`GET`,path:r.pathname+r.search,request:b(y(n?.body))};try{let r=await e(t,n),o=Math.round(performance.now()-i);return r.clone().json().catch(()=>null).then(e=>g({...a,status:r.status,ms:o,response:b(e),source:`widget`})),r}catch(e){throw g({...a,status:0,ms:Math.round(performance.now()-i),response:null,source:`widget`}),e}}}function ne(){globalThis.XMLHttpRequest=class extends XMLHttpRequest{#e={method:``,path:``};open(e,t){let{pathname:n,search:r}=new URL(String(t),location.href);this.#e={method:e,path:n+r},super.open(e,t)}send(e){let t=performance.now(),n=e instanceof File?{file:e.type,bytes:e.size}:null;this.addEventListener(`loadend`,()=>{let e=Math.round(performance.now()-t);g({...this.#e,status:this.status,ms:e,request:n,response:b(v(this.responseText)),source:`widget`})}),super.send(e)}}}function v(e){try{return JSON.parse(e)}catch{return null}}function y(e){return typeof e==`string`?JSON.parse(e):null}var re=new Set([`token`,`client_secret`,`code`]);function b(e){if(Array.isArray(e))return e.map(b);if(typeof e!=`object`||!e)return e;let t=`detail`in e;return Object.fromEntries(Object.entries(e).map(([e,n])=>[e,typeof n==`string`&&re.has(e)&&!t?x(n):b(n)]))}function x(e){return e.length>24?`${e.slice(0,10)}…${e.slice(-4)}`:`${e.slice(0,4)}…`}var S=class extends Error{constructor(e,t){super(t),this.code=e,this.detail=t}};async function C(e,t,n){let r=await fetch(`/demo/api/${t}`,{method:e,...n!==void 0&&{headers:{"Content-Type":`application/json`},body:JSON.stringify(n)}}),i=await r.json();for(let e of i.calls??[])g({...e,source:`shop`});if(!r.ok)throw new S(i.problem?.code??`error`,i.problem?.detail??r.statusText);return i}var w={session:()=>C(`GET`,`session`),reset:()=>C(`POST`,`session/reset`),products:()=>C(`GET`,`products`),price:e=>C(`POST`,`price`,e),checkout:(e,t)=>C(`POST`,`checkout`,{...e,order_id:t}),orders:()=>C(`GET`,`orders`),refund:(e,t)=>C(`POST`,`orders/${encodeURIComponent(e)}/refund`,{lines:t}),myData:()=>C(`POST`,`my-data`),member:()=>C(`GET`,`member`)},T=`northside:visit`;function ie(){let e=sessionStorage.getItem(T),t=e?JSON.parse(e):{cart:[],offer:``};return{cart:new Map(t.cart),proof:t.proof,offer:t.offer}}function E({cart:e,proof:t,offer:n}){let r={cart:[...e],offer:n,...t&&{proof:t}};sessionStorage.setItem(T,JSON.stringify(r))}var D=[`shop`,`cart`,`orders`,`points`],O=class{#e;#t;constructor(e){this.draw=e,this.state={view:`shop`,products:[],...ie(),evaluation:void 0,orders:[],member:null,entries:[],busy:!1,notice:``,error:``,callsOpen:!1},this.#e=``,this.#t=0}async open(){await this.#a(async()=>{let[e,{products:t}]=await Promise.all([w.session(),w.products()]);Object.assign(this.state,{session:e,products:t})}),new URLSearchParams(location.search).has(`laurel_verification`)?await this.#r(`cart`):location.hash.startsWith(`#laurel=`)?await this.#n(decodeURIComponent(location.hash)):await this.show()}async show(){let e=location.hash.slice(1),t=D.includes(e)?e:`shop`;t!==this.state.view&&this.#s({view:t,notice:``,error:``}),t===`cart`&&await this.price(),t===`orders`&&await this.#a(async()=>this.#s(await w.orders())),t===`points`&&await this.#a(async()=>this.#s(await w.member()))}get count(){return[...this.state.cart.values()].reduce((e,t)=>e+t,0)}async change(e,t){let n=Math.min((this.state.cart.get(e)??0)+t,99);n>0?this.state.cart.set(e,n):this.state.cart.delete(e),this.#s({}),this.state.view===`cart`&&await this.price()}async myData(){await this.#a(async()=>location.assign((await w.myData()).url))}say(e){this.#s({notice:e})}chooseOffer(e){this.#s({offer:e})}async use(e,t){this.#s({proof:{token:e,name:t}}),await this.price()}async drop(){this.#s({proof:void 0,error:``}),await this.price()}async price(){let e=++this.#t;if(!this.state.cart.size)return this.#s({evaluation:void 0});try{let{evaluation:t}=await w.price(this.#i);if(e!==this.#t)return;let n=t.rejected[0]?.reason;this.#s({evaluation:t,error:n?o(`rejected`,{reason:n.replaceAll(`_`,` `)}):``})}catch(t){if(e!==this.#t)return;t instanceof S&&this.state.proof&&(this.#s({proof:void 0}),await this.price()),this.#o(t)}}async checkout(){let e=``;await this.#a(async()=>{this.#e||=`ns-${crypto.randomUUID().slice(0,8)}`;let{order:t}=await w.checkout(this.#i,this.#e);this.#e=``,e=t.order_id,this.#s({cart:new Map,proof:void 0,evaluation:void 0,offer:``})}),e&&(await this.#r(`orders`),this.say(o(`ordered`,{id:e})))}async refund(e,t){await this.#a(async()=>{let n=await w.refund(e.order_id,t),i=this.state.orders.map(t=>t.order_id===e.order_id?n.order:t),a=n.order.refunds.at(-1),s=r(a?.discount_reversed??0,e.currency);this.#s({orders:i,notice:o(`refunded`,{points:a?.points_reversed??0,discount:s})})})}async reset(){await this.#a(async()=>{_();let e=await w.reset();this.#e=``,this.#s({session:e,cart:new Map,proof:void 0,evaluation:void 0,offer:``,orders:[],member:null,entries:[]})}),await this.#r(`shop`)}speak(t){e(t),this.draw()}toggleCalls(e){this.#s({callsOpen:e})}#n(e){let t=this.state.session?.offers.find(t=>e.includes(t.id))?.id??``;return this.#s({view:`cart`,offer:t}),this.price()}#r(e){return history.pushState(null,``,`#${e}`),this.show()}get#i(){return{lines:[...this.state.cart].map(([e,t])=>({sku:e,quantity:t})),tokens:this.state.proof?[this.state.proof.token]:[]}}async#a(e){if(!this.state.busy){this.#s({busy:!0,error:``,notice:``});try{await e()}catch(e){this.#o(e)}finally{this.#s({busy:!1})}}}#o(e){let t=e instanceof S?o(`fail`,{detail:`${e.detail} (${e.code})`}):o(`offline`);this.#s({error:t})}#s(e){Object.assign(this.state,e),E(this.state),this.draw()}};function k(e){let n=m(),r=e.state.callsOpen;return u`<aside class="calls ${r?`open`:``}" aria-labelledby="calls-title">
    <div class="bar">
      <h2 id="calls-title">${o(`calls`)} <b class="count">${n.length}</b></h2>
      ${n.length?u`<button class="link" type="button" @click=${_}>${o(`clear`)}</button>`:t}
      <button
        class="second toggle"
        type="button"
        aria-expanded=${r?`true`:`false`}
        aria-controls="calls-list"
        aria-label="${o(r?`close`:`show`)}: ${o(`calls`)}"
        @click=${()=>e.toggleCalls(!r)}
      >
        ${o(r?`close`:`show`)}
      </button>
    </div>
    <div id="calls-list">
      <p class="soft small">${n.length?o(`callsHint`):o(`callsEmpty`)}</p>
      <ol>
        ${l(n,e=>e.id,A)}
      </ol>
    </div>
  </aside>`}function A(e){return u`<li>
    <details>
      <summary>
        <span class="method">${e.method}</span>
        <span class="path">${e.path}</span>
        <span class="status ${e.status>=200&&e.status<400?`good`:`bad`}">${e.status||`—`}</span>
        <span class="from">${e.source===`shop`?o(`fromShop`):o(`fromWidget`)}, ${e.ms} ms</span>
      </summary>
      ${j(o(`request`),e.request)} ${j(o(`response`),e.response)}
    </details>
  </li>`}function j(e,n){return n==null?t:u`<h3>${e}</h3>
    <pre tabindex="0">${JSON.stringify(n,null,2)}</pre>`}var M={notebook:n`
    <rect class="c1" x="46" y="26" width="78" height="100" rx="6" />
    <rect class="c2" x="46" y="26" width="16" height="100" rx="6" />
    <rect class="c4" x="74" y="48" width="38" height="22" rx="3" />
    <path class="line" d="M40 44h12M40 64h12M40 84h12M40 104h12" />`,backpack:n`
    <path class="line" d="M64 36c0-20 40-20 40 0" />
    <path class="c1" d="M44 64c0-22 16-32 40-32s40 10 40 32v54c0 6-4 10-10 10H54c-6 0-10-4-10-10z" />
    <rect class="c2" x="56" y="82" width="56" height="34" rx="8" />
    <path class="line" d="M56 94h56M84 94v8" />
    <rect class="c4" x="66" y="52" width="36" height="8" rx="4" />`,textbook:n`
    <rect class="c2" x="40" y="94" width="90" height="26" rx="4" />
    <rect class="c4" x="48" y="100" width="82" height="14" />
    <rect class="c1" x="48" y="66" width="82" height="26" rx="4" />
    <rect class="c4" x="48" y="72" width="74" height="14" />
    <rect class="c3" x="42" y="38" width="84" height="26" rx="4" />
    <path class="thin" d="M54 51h34M98 51h14" />`,bottle:n`
    <rect class="c2" x="72" y="18" width="24" height="16" rx="4" />
    <path class="c1" d="M66 40c0-4 3-6 6-6h24c3 0 6 2 6 6v82c0 5-4 8-8 8H74c-4 0-8-3-8-8z" />
    <rect class="c3" x="66" y="66" width="36" height="26" />
    <path class="thin" d="M76 84V73l12 11V73" />`,lamp:n`
    <rect class="c2" x="44" y="120" width="52" height="10" rx="5" />
    <path class="line" d="M70 120V84l28-34" />
    <path class="c1" d="M86 26l42 30c-10 14-24 18-36 10s-14-24-6-40z" />
    <circle class="c3" cx="108" cy="68" r="9" />
    <circle class="c4" cx="70" cy="84" r="6" />`,hoodie:n`
    <path class="c1" d="M62 34l-26 16-6 56 16 4 4-26v44h68V84l4 26 16-4-6-56-26-16z" />
    <path class="c2" d="M62 34c4 20 40 20 44 0-4-14-40-14-44 0z" />
    <path class="c4" d="M64 96h40l6 18H58z" />
    <path class="thin" d="M78 48v16M90 48v16" />`};function N(e){return u`<svg viewBox="0 0 168 148" aria-hidden="true" focusable="false">${M[e]}</svg>`}function P(e){let{proof:n}=e.state;return u`<section class="sheet verify" aria-labelledby="verify-title">
    <h2 id="verify-title">${o(`verifyTitle`)}</h2>
    ${n?u`<p class="ticket">
          <span>${o(`applied`,{name:n.name})}</span>
          <button class="link" type="button" @click=${()=>void e.drop()}>${o(`remove`)}</button>
        </p>`:u`<p class="soft">${o(`verifyHint`)}</p>`}
    ${F(e)} ${I(e)} ${n?t:L(e)}
  </section>`}function F(e){let{session:t,offer:n}=e.state;return u`<fieldset class="groups">
    <legend>${o(`chooseGroup`)}</legend>
    ${t?.offers.map(t=>u`<label>
        <input
          type="radio"
          name="offer"
          value=${t.id}
          .checked=${n===t.id}
          @change=${()=>e.chooseOffer(t.id)}
        />
        <span>${c(t.group,a())}</span>
      </label>`)}
  </fieldset>`}function I(e){let{session:n,offer:r}=e.state;return!n||!r?t:u`<laurel-verify
    publishable-key=${n.publishable_key}
    offer=${r}
    customer=${n.customer}
    locale=${a()}
    return-url=${`${location.origin}/demo/`}
    @laurel-token=${t=>void e.use(t.detail.token,t.detail.offer.name)}
  ></laurel-verify>`}function L(e){return u`<form class="code" @submit=${t=>{t.preventDefault();let n=t.currentTarget.querySelector(`input`)?.value.trim();n&&e.use(n,n)}}>
    <label for="code">${o(`codeLabel`)}</label>
    <div>
      <input id="code" autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="ABCD-EFGH-JK" />
      <button class="second" type="submit">${o(`codeApply`)}</button>
    </div>
  </form>`}function R(e){return e.state.cart.size?u`<h1 tabindex="-1">${o(`cart`)}</h1>
    <div class="basket">
      <div class="sheet">
        <ul class="lines">
          ${[...e.state.cart].map(([t,n])=>z(e,t,n))}
        </ul>
        ${B(e)}
      </div>
      ${P(e)}
    </div>`:u`<h1 tabindex="-1">${o(`cart`)}</h1>
      <p class="lead">${o(`cartEmpty`)}</p>
      <p><a class="main" href="#shop">${o(`goShop`)}</a></p>`}function z(e,n,i){let s=e.state.products.find(e=>e.sku===n);if(!s)return t;let c=s.name[a()];return u`<li>
    <div class="thumb">${N(n)}</div>
    <div class="what">
      <strong>${c}</strong>
      <span class="soft">${r(s.unit_amount,e.state.session?.currency??`USD`)}</span>
    </div>
    <div class="stepper" role="group" aria-label=${o(`quantity`,{name:c})}>
      <button type="button" aria-label=${o(`fewer`,{name:c})} @click=${()=>void e.change(n,-1)}>−</button>
      <output>${i}</output>
      <button type="button" aria-label=${o(`more`,{name:c})} @click=${()=>void e.change(n,1)}>+</button>
    </div>
  </li>`}function B(e){let{evaluation:n,session:i,busy:a}=e.state;if(!n)return t;let s=e=>r(e,i?.currency??`USD`),{subtotal:c,discount:l,shipping:d,total:f}=n.totals;return u`
    <dl class="totals">
      <div><dt>${o(`subtotal`)}</dt><dd>${s(c)}</dd></div>
      ${l?u`<div class="saved"><dt>${o(`discount`)}</dt><dd>−${s(l)}</dd></div>`:t}
      <div><dt>${o(`shipping`)}</dt><dd>${s(d)}</dd></div>
      <div class="sum"><dt>${o(`total`)}</dt><dd>${s(f)}</dd></div>
    </dl>
    <p class="soft">${o(`earns`,{n:n.points})}</p>
    <button class="main wide" type="button" id="checkout" ?disabled=${a} @click=${()=>void e.checkout()}>
      ${o(`checkout`,{total:s(f)})}
    </button>
    <p class="soft small">${o(`pretend`)}</p>
  `}var ae=[`shop`,`orders`,`points`,`cart`];function V(e){let{state:n}=e;return u`<header>
    <a class="brand" href="#shop">
      <svg viewBox="0 0 32 32" width="36" height="36" aria-hidden="true">
        <rect width="32" height="32" rx="8" class="ink" />
        <path d="M9 23V9l14 14V9" class="stroke" />
      </svg>
      <span>Northside Supply</span>
    </a>
    <nav aria-label="Northside Supply">
      ${ae.map(r=>u`<a href="#${r}" aria-current=${n.view===r?`page`:t}
          >${o(r)}${r===`cart`?u` <b class="count">${e.count}</b>`:t}</a
        >`)}
      <a href="/demo/inbox" target="_blank">${o(`inbox`)}</a>
    </nav>
    <div class="tools">
      <label class="hidden" for="language">${o(`language`)}</label>
      <select id="language" @change=${t=>e.speak(t.target.value)}>
        <option value="en" ?selected=${a()===`en`}>English</option>
        <option value="de" ?selected=${a()===`de`}>Deutsch</option>
      </select>
    </div>
  </header>`}var H={placed:`statePlaced`,redeemed:`stateRedeemed`,partially_refunded:`statePartly`,refunded:`stateRefunded`};function U(e){let{orders:n}=e.state;return u`<h1 tabindex="-1">${o(`orders`)}</h1>
    ${n.length||e.state.busy?t:u`<p class="lead">${o(`ordersEmpty`)}</p>
          <p><a class="main" href="#shop">${o(`goShop`)}</a></p>`}
    ${n.map(t=>W(e,t))}`}function W(e,n){let i=n.lines.filter(e=>e.refunded<e.quantity),a=i.map(e=>({line_id:e.line_id,quantity:e.quantity-e.refunded})),c=H[n.state];return u`<article class="sheet order" aria-labelledby=${n.order_id}>
    <div class="row">
      <h2 id=${n.order_id}>${o(`order`,{id:n.order_id})}</h2>
      <span class="tag">${c?o(c):n.state}</span>
    </div>
    <p class="soft">${o(`placedAt`,{time:s(n.placed_at)})} · ${o(`earned`,{n:n.points})}</p>
    <ul class="lines">
      ${n.lines.map(t=>G(e,n,t))}
    </ul>
    <dl class="totals">
      ${n.totals.discount?u`<div class="saved"><dt>${o(`discount`)}</dt><dd>−${r(n.totals.discount,n.currency)}</dd></div>`:t}
      <div class="sum"><dt>${o(`total`)}</dt><dd>${r(n.totals.total,n.currency)}</dd></div>
    </dl>
    ${n.refunds.map(e=>u`<p class="soft small">
          ${o(`refundedShort`,{points:e.points_reversed,discount:r(e.discount_reversed,n.currency)})}
        </p>`)}
    ${i.length?u`<button class="second" type="button" ?disabled=${e.state.busy} @click=${()=>void e.refund(n,a)}>
          ${o(`returnAll`)}
        </button>`:t}
  </article>`}function G(e,n,i){let s=i.name[a()];return u`<li>
    <div class="what">
      <strong>${i.quantity} × ${s}</strong>
      <span class="soft">
        ${r(i.unit_amount*i.quantity-i.discount,n.currency)}${i.refunded?u` · ${o(`returned`,{n:i.refunded})}`:t}
      </span>
    </div>
    ${i.refunded<i.quantity?u`<button
          class="link"
          type="button"
          aria-label=${o(`returnLineOf`,{name:s})}
          ?disabled=${e.state.busy}
          @click=${()=>void e.refund(n,[{line_id:i.line_id,quantity:1}])}
        >
          ${o(`returnLine`)}
        </button>`:t}
  </li>`}function K(e){let{member:n,entries:r,busy:i}=e.state;return n?u`<h1 tabindex="-1">${o(`points`)}</h1>
    <div class="figures">
      <div class="sheet">
        <h2>${o(`balance`)}</h2>
        <p class="figure">${n.balance.available}</p>
        <p class="soft">${J(n)}</p>
      </div>
      <div class="sheet">
        <h2>${o(`tier`)}</h2>
        <p class="figure">${n.tier?.name??`–`}</p>
        <p class="soft">
          ${n.next_tier?o(`nextTier`,{n:n.next_tier.missing,tier:n.next_tier.name}):o(`topTier`)}
        </p>
      </div>
    </div>
    ${r.length?oe(r):t} ${q(e)}`:u`<h1 tabindex="-1">${o(`points`)}</h1>
      <p class="lead">${o(i?`loading`:`noPoints`)}</p>
      ${q(e)}`}function q(e){return u`<p><button type="button" ?disabled=${e.state.busy} @click=${()=>void e.myData()}>${o(`myData`)}</button></p>`}function J({balance:e}){return[e.pending&&o(`pending`,{n:e.pending}),e.debt&&o(`debt`,{n:e.debt})].filter(Boolean).join(` · `)}function oe(e){return u`<section class="sheet">
    <h2 id="entries">${o(`entries`)}</h2>
    <table aria-labelledby="entries">
      <thead>
        <tr>
          <th scope="col">${o(`when`)}</th>
          <th scope="col">${o(`what`)}</th>
          <th scope="col" class="number">${o(`amount`)}</th>
        </tr>
      </thead>
      <tbody>
        ${e.map(e=>u`<tr>
            <td>${s(e.recorded_at)}</td>
            <td>${e.kind.replaceAll(`_`,` `)} <span class="soft">${e.from} → ${e.to}, ${e.source.id}</span></td>
            <td class="number">${se(e)}${e.points}</td>
          </tr>`)}
      </tbody>
    </table>
  </section>`}var Y=[`available`,`pending`,`debt`];function se({from:e,to:t}){let n=Y.includes(t);return n===Y.includes(e)?``:n?`+`:`−`}function ce(e){let{products:t,session:n}=e.state;return u`
    <h1 tabindex="-1">${o(`shop`)}</h1>
    <p class="lead">${o(`tagline`)}</p>
    <ul class="grid">
      ${t.map(t=>{let i=t.name[a()];return u`<li class="product">
          <div class="art">${N(t.sku)}</div>
          <h2>${i}</h2>
          <p class="soft">${t.blurb[a()]}</p>
          <p class="price">${r(t.unit_amount,n?.currency??`USD`)}</p>
          <button
            class="main"
            type="button"
            aria-label="${o(`add`)}: ${i}"
            @click=${()=>{e.change(t.sku,1),e.say(o(`added`,{name:i}))}}
          >
            ${o(`add`)}
          </button>
        </li>`})}
    </ul>
    <p class="foot">
      <span>${o(`customer`,{id:n?.customer.slice(0,10)??``})}…</span>
      <button class="link" type="button" @click=${()=>void e.reset()}>${o(`newCustomer`)}</button>
    </p>
  `}var X=document.getElementById(`app`);if(!X)throw Error(`the page has no #app element`);var le={shop:ce,cart:R,orders:U,points:K},Z=new O($),Q=Z.state.view;function $(){let{state:e}=Z;i(u`
      <a class="skip" href="#main" @click=${de}>${o(`skip`)}</a>
      ${V(Z)}
      <div class="columns">
        <main id="main" tabindex="-1" aria-busy=${e.busy?`true`:`false`}>
          <p class="notice" role="status">${e.notice}</p>
          <p class="problem" role="alert">${e.error}</p>
          ${e.session?le[e.view](Z):ue()}
        </main>
        ${k(Z)}
      </div>
    `,X),Q!==e.view&&(Q=e.view,document.title=`${o(Q)} · Northside Supply`,document.querySelector(`h1`)?.focus(),scrollTo(0,0))}function ue(){return Z.state.error?u`<button class="main" type="button" @click=${()=>void Z.open()}>${o(`retry`)}</button>`:u`<p>${o(`loading`)}</p>`}function de(e){e.preventDefault(),document.getElementById(`main`)?.focus()}te(),ne(),h($),addEventListener(`hashchange`,()=>void Z.show()),Z.open();
import{_ as e,a as t,d as n,h as r,i,n as a,p as o,s,t as c,v as l}from"../widget.js";var u={ssoTitle:`Sign in to prove it`,ssoHint:`You leave this page to sign in and come back here afterwards. We never see your password.`,ssoGo:`Continue to {name}`,searchTitle:`Where do you study or work?`,searchHint:`Type the beginning of its name, choose it from the list, then sign in there. You come back here afterwards.`,searchLabel:`Name of your school or organisation`,searchList:`Places found`,searchNone:`No place of that name. Check the spelling, try a shorter part of the name, or choose another way.`,searchOne:`One place found.`,searchSome:`{n} places found.`,searchMore:`The first {n} places. Type more of the name to find yours.`,searchBusy:`Searching …`,searchPick:`Please choose a place from the list first.`},d=200,f=20,p=/* @__PURE__ */ new WeakMap,m=class e{#e;#t;#n;constructor(e){this.view=e,this.text=``,this.places=[],this.more=!1,this.active=-1,this.busy=!1,this.asked=!1,this.#e=!1,this.#n=0}static of(t){let n=p.get(t.flow)??new e(t);return p.set(t.flow,n),n.view=t,n}get open(){return this.#e&&this.places.length>0}type(e){this.text=e,this.chosen=void 0,this.active=-1,this.#e=!0,clearTimeout(this.#t),this.#t=setTimeout(()=>void this.#i(),d),this.view.draw()}show(){this.#e||this.chosen||(this.#e=!0,this.asked?this.view.draw():this.#i())}close(){this.#e&&(this.#e=!1,this.active=-1,this.view.draw())}choose(e){let t=this.places[e];t&&(this.text=t.name,this.chosen=t,this.close(),this.view.draw())}press(e){let t={ArrowDown:1,ArrowUp:-1}[e.key];t?(e.preventDefault(),this.#r(t,e.currentTarget)):e.key===`Enter`&&this.open&&this.active>=0?(e.preventDefault(),this.choose(this.active)):e.key===`Escape`&&this.open&&(e.preventDefault(),this.close())}#r(e,t){if(!this.open)return this.show();let n=this.places.length+1;this.active=(this.active+1+e+n)%n-1,this.view.draw(),t.nextElementSibling?.children[this.active]?.scrollIntoView({block:`nearest`})}async#i(){let e=++this.#n,{flow:t,state:n}=this.view,a=n.verification;if(a){this.busy=!0,this.view.draw();try{let n=await t.api.institutions({group:a.group,...a.subgroup&&{subgroup:a.subgroup},...this.text&&{q:this.text},limit:String(f)});if(e!==this.#n)return;let r=i(a);this.places=n.data.filter(e=>r.includes(e.id)),this.more=n.next_cursor!==null,this.asked=!0}catch(n){if(e!==this.#n)return;t.tell(n instanceof r?n:new r(`internal`,String(n)))}this.busy=!1,this.view.draw()}}},h=c(`.combo{position:relative}.combo input{width:100%}[role=listbox]{background:var(--_surface);border:1px solid var(--_border);border-radius:var(--_control);max-height:16rem;margin-top:.25rem;padding:.25rem;display:block;overflow-y:auto;box-shadow:0 8px 28px #00000026}[role=listbox][hidden]{display:none}[role=option]{border-radius:calc(var(--_control) - .25rem);cursor:pointer;overflow-wrap:anywhere;min-height:44px;padding:.625rem .75rem}[role=option]:hover{background:var(--_field)}[role=option][aria-selected=true]{background:color-mix(in srgb, var(--_accent) 14%, var(--_surface));outline:2px solid var(--_accent);outline-offset:-2px}`);function g(e){let{flow:t,t:r}=e,i=m.of(e),{chosen:a}=i;return l`<form novalidate @submit=${n=>{n.preventDefault(),a?t.signIn(a.id):e.refuse(r(`searchPick`))}}><p class="hint" id="hint">${r(`searchHint`)}</p><label for="search">${r(`searchLabel`)}</label>${_(e,i)}<p class="hint" role="status">${v(e,i)}</p>${n(e,a?r(`ssoGo`,{name:a.name}):r(`continue`))} ${o(e)}</form>`}function _(t,n){let{places:r,open:i,active:a}=n;return l`<div class="combo"><input
id="search"
role="combobox"
type="text"
autocomplete="off"
autocapitalize="none"
spellcheck="false"
maxlength="100"
.value=${n.text}
aria-autocomplete="list"
aria-controls="places"
aria-expanded=${i?`true`:`false`}
aria-activedescendant=${i&&a>=0?`place-${a}`:e}
aria-invalid=${t.blames?`true`:`false`}
aria-describedby=${s(t)}
@input=${e=>n.type(e.currentTarget.value)}
@keydown=${e=>n.press(e)}
@focus=${()=>n.show()}
@click=${()=>n.show()}
@blur=${()=>n.close()}
/><ul id="places" role="listbox" aria-label=${t.t(`searchList`)} ?hidden=${!i}>${r.map((e,t)=>l`<li
id=${`place-${t}`}
role="option"
aria-selected=${t===a?`true`:`false`}
@mousedown=${e=>e.preventDefault()}
@click=${()=>n.choose(t)}
>${e.name}</li>`)}</ul></div>`}function v({t,state:n},{places:r,more:a,busy:o,asked:s,chosen:c}){if(c)return e;if(o)return t(`searchBusy`);if(!s)return e;if(!r.length)return t(`searchNone`);if(a)return t(`searchMore`,{n:r.length});let l=n.verification?i(n.verification).length:0;return r.length===1?t(`searchOne`):r.length<l?t(`searchSome`,{n:r.length}):e}var y=({state:{verification:e}})=>!!e&&t(e),b={words:u,sheet:h,title:e=>e.t(y(e)?`searchTitle`:`ssoTitle`),body:e=>{if(y(e))return g(e);let{flow:t,state:r,t:s}=e,c=r.verification?i(r.verification):[];return l`
<p class="hint">${s(`ssoHint`)}</p>${c.map(r=>n(e,s(`ssoGo`,{name:a(e,r)}),()=>void t.signIn(r)))}
${o(e)}
`}};export{b as sso};
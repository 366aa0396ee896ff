import{a as e,c as t,f as n,g as r,m as i,n as a,o,t as s,v as c,y as l}from"../widget.js";var u={ssoTitle:`Sign in to prove it`,ssoHint:`You leave this page to sign in and come back here afterwards. We never see your password.`,ssoGo:`Continue to {name}`,searchTitle:`Where do you study or work?`,searchHint:`Type the beginning of its name, choose it from the list, then sign in there. You come back here afterwards.`,searchLabel:`Name of your school or organisation`,searchList:`Places found`,searchNone:`No place of that name. Check the spelling, try a shorter part of the name, or choose another way.`,searchOne:`One place found.`,searchSome:`{n} places found.`,searchMore:`The first {n} places. Type more of the name to find yours.`,searchBusy:`Searching …`,searchPick:`Please choose a place from the list first.`},d=200,f=20,p=/* @__PURE__ */ new WeakMap,m=class t{#e;#t;#n;constructor(e){this.view=e,this.text=``,this.places=[],this.more=!1,this.active=-1,this.busy=!1,this.asked=!1,this.#e=!1,this.#n=0}static of(e){let n=p.get(e.flow)??new t(e);return p.set(e.flow,n),n.view=e,n}get open(){return this.#e&&this.places.length>0}type(e){this.text=e,this.chosen=void 0,this.active=-1,this.#e=!0,clearTimeout(this.#t),this.#t=setTimeout(()=>void this.#i(),d),this.view.refuse(``)}show(){this.#e||this.chosen||(this.#e=!0,this.asked?this.view.draw():this.#i())}close(){this.#e&&(this.#e=!1,this.active=-1,this.view.draw())}choose(e){let t=this.places[e];t&&(this.text=t.name,this.chosen=t,this.close(),this.view.draw())}press(e){let t={ArrowDown:1,ArrowUp:-1}[e.key];t?(e.preventDefault(),this.#r(t,e.currentTarget)):e.key===`Enter`&&this.open&&this.active>=0?(e.preventDefault(),this.choose(this.active)):e.key===`Escape`&&this.open&&(e.preventDefault(),this.close())}#r(e,t){if(!this.open)return this.show();let n=this.places.length+1;this.active=(this.active+1+e+n)%n-1,this.view.draw(),t.nextElementSibling?.children[this.active]?.scrollIntoView({block:`nearest`})}async#i(){let t=++this.#n,{flow:n,state:i}=this.view,a=i.verification;if(a){this.busy=!0,this.view.draw();try{let r=await n.around.api.institutions({group:a.group,...a.subgroup&&{subgroup:a.subgroup},...this.text&&{q:this.text},limit:String(f)});if(t!==this.#n)return;let i=e(a);this.places=r.data.filter(e=>i.includes(e.id)),this.more=r.next_cursor!==null,this.asked=!0}catch(e){if(t!==this.#n)return;n.tell(e instanceof r?e:new r(`internal`,String(e)))}this.busy=!1,this.view.draw()}}},h=s(`.combo{position:relative}.combo input{width:100%}[role=listbox]{background:var(--_surface);border:1px solid var(--_border);border-radius:var(--_control);max-height:16rem;margin-top:.25rem;padding:.25rem;display:block;overflow-y:auto;box-shadow:0 8px 28px #00000026}[role=listbox][hidden]{display:none}[role=option]{border-radius:calc(var(--_control) - .25rem);cursor:pointer;overflow-wrap:anywhere;min-height:44px;padding:.625rem .75rem}[role=option]:hover{background:var(--_field)}[role=option][aria-selected=true]{background:color-mix(in srgb, var(--_accent) 14%, var(--_surface));outline:2px solid var(--_accent);outline-offset:-2px}`);function g(e){let{flow:t,t:r}=e,a=m.of(e),{chosen:o}=a;return l`<form novalidate @submit=${n=>{n.preventDefault(),o?t.signIn(o.id):e.refuse(r(`searchPick`))}}><p class="hint" id="hint">${r(`searchHint`)}</p><label for="search">${r(`searchLabel`)}</label>${_(e,a)}<p class="hint" role="status">${v(e,a)}</p>${n(e,o?r(`ssoGo`,{name:o.name}):r(`continue`))} ${i(e)}</form>`}function _(e,n){let{places:r,open:i,active:a}=n;return l`<div class="combo"><input
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
aria-activedescendant=${i&&a>=0?`place-${a}`:c}
aria-invalid=${e.blames?`true`:`false`}
aria-describedby=${t(e)}
@input=${e=>n.type(e.currentTarget.value)}
@keydown=${e=>n.press(e)}
@focus=${()=>n.show()}
@click=${()=>n.show()}
@blur=${()=>n.close()}
/><ul id="places" role="listbox" aria-label=${e.t(`searchList`)} ?hidden=${!i}>${r.map((e,t)=>l`<li
id=${`place-${t}`}
role="option"
aria-selected=${t===a?`true`:`false`}
@mousedown=${e=>e.preventDefault()}
@click=${()=>n.choose(t)}
>${e.name}</li>`)}</ul></div>`}function v({t,state:n},{places:r,more:i,busy:a,asked:o,chosen:s}){if(s)return c;if(a)return t(`searchBusy`);if(!o)return c;if(!r.length)return t(`searchNone`);if(i)return t(`searchMore`,{n:r.length});let l=n.verification?e(n.verification).length:0;return r.length===1?t(`searchOne`):r.length<l?t(`searchSome`,{n:r.length}):c}var y=({state:{verification:e}})=>!!e&&o(e),b={words:u,sheet:h,title:e=>e.t(y(e)?`searchTitle`:`ssoTitle`),body:t=>{if(y(t))return g(t);let{flow:r,state:o,t:s}=t,c=o.verification?e(o.verification):[];return l`
<p class="hint">${s(`ssoHint`)}</p>${c.map(e=>n(t,s(`ssoGo`,{name:a(t,e)}),()=>void r.signIn(e)))}
${i(t)}
`}};export{b as sso};
//! What `{:?}` shows of whatever holds a secret: nothing of it.

use std::fmt::Debug;

use auth_core::actions::{Credentials, SignUp};
use auth_core::config::MailBackend;
use auth_core::http::{AuthRequest, Authorization, RequestHead, Route};
use auth_core::mail::{
    MemoryMailer, Message, Rendered, RestoreUrl, SmtpMailer, SmtpPassword, SmtpSecurity, SmtpSettings,
};
use auth_core::password::{Password, PasswordHash, PasswordPolicy, Pepper, Peppers, PolicyContext};
use auth_core::restore::{EncryptKey, RestoreKeys};
use auth_core::store::{IntoStores as _, MemoryStore, Sealed};
use auth_core::token::{Algorithm, KeyMaterial, KeyRing};
use auth_core::{Auth, ClientInfo};
use auth_tests::{PW, settings};

const KEY: &str = "xv4Jc8LkR0sYb6WmGd1HfUe9tq7TzP2v";
const TOKEN: &str = "eyJunique.eyJtoken.ofnobody";

#[derive(Default)]
struct Shown(Vec<(&'static str, String)>);

impl Shown {
    fn add<T: Debug>(&mut self, value: &T) {
        let name = std::any::type_name::<T>();
        self.0.push((name, format!("{value:?} {value:#?}")));
    }

    #[expect(clippy::print_stdout, reason = "how much was searched is what is asked for")]
    fn holds_none_of(&self, secrets: &[&str]) {
        for (name, text) in &self.0 {
            for secret in secrets {
                assert!(!text.contains(secret), "{name} shows {secret}: {text}");
                // As bytes would be shown.
                let bytes = format!("{:?}", secret.as_bytes());
                assert!(!text.contains(bytes.trim_matches(['[', ']'])), "{name} shows the bytes of {secret}");
            }
        }
        println!("Debug: {} strings searched in {} types, 0 hits", secrets.len(), self.0.len());
    }
}

#[test]
fn keys_and_settings_show_no_secret() {
    let mut shown = Shown::default();
    let bytes: [u8; 32] = KEY.as_bytes().try_into().unwrap();
    let mut smtp = SmtpSettings::new("127.0.0.1", SmtpSecurity::Plain);
    (smtp.user, smtp.password) = (Some("app".to_owned()), Some(SmtpPassword::new(KEY)));
    shown.add(&SmtpPassword::new(KEY));
    shown.add(&SmtpMailer::new(&smtp).unwrap());
    shown.add(&MailBackend::Smtp(smtp.clone()));
    let encrypt = EncryptKey::from_bytes(bytes);
    shown.add(&RestoreKeys::new(std::slice::from_ref(&encrypt)).unwrap());
    shown.add(&encrypt);
    let material = KeyMaterial::secret(KEY);
    shown.add(&KeyRing::new(Algorithm::Hs256, &material, std::slice::from_ref(&material)).unwrap());
    let peppers = Peppers::new([Pepper::new("p1", KEY).unwrap()]).unwrap();
    shown.add(&Pepper::new("p1", KEY).unwrap());
    shown.add(&peppers);
    let settings = settings()
        .jwt_secret(KeyMaterial::secret(KEY))
        .jwt_verifying_keys(vec![KeyMaterial::secret(KEY)])
        .email_encrypt_keys(vec![encrypt])
        .peppers(peppers)
        .mail_backend(MailBackend::Smtp(smtp.clone()));
    shown.add(&settings);
    shown.add(&Auth::builder(settings.clone(), MemoryStore::default()));
    shown.add(&Auth::builder(settings.clone(), MemoryStore::default()).build().unwrap());
    let short = settings.jwt_secret(KeyMaterial::secret(&KEY[..20]));
    shown.add(&Auth::builder(short, MemoryStore::default()).build().unwrap_err());
    shown.add(&material);
    shown.add(&smtp);
    shown.holds_none_of(&[KEY, &KEY[..20]]);
}

#[test]
fn what_a_client_sends_shows_no_secret() {
    let mut shown = Shown::default();
    let policy = PasswordPolicy::default();
    shown.add(&Password::new(PW));
    shown.add(&policy.bounded(Password::new(PW)).unwrap());
    let bounded = policy.bounded(Password::new(PW)).unwrap();
    shown.add(&policy.accept(bounded, &PolicyContext::default()).unwrap());
    shown.add(&PasswordHash::stored(PW));
    shown.add(&Credentials::new("ann", PW));
    shown.add(&SignUp::with_username("ann", PW));
    let bearer = format!("Bearer {TOKEN}");
    shown.add(&Authorization::read([bearer.as_bytes()]));
    let head = || RequestHead::read(None, [("authorization", bearer.as_bytes())]);
    shown.add(&head());
    let body = format!(r#"{{"password":"{PW}","token":"{TOKEN}"}}"#);
    shown.add(&AuthRequest::new(Route::Signin, head(), Ok(body.into_bytes())));
    shown.add(&Sealed::stored(TOKEN));
    shown.holds_none_of(&[PW, TOKEN]);
}

#[tokio::test]
async fn what_the_server_gives_shows_no_secret() {
    let mut shown = Shown::default();
    let (store, mailer) = (MemoryStore::default(), MemoryMailer::new());
    let auth =
        Auth::builder(settings(), store.clone()).mailer(mailer.clone()).background_worker(false).build().unwrap();
    let client = ClientInfo::default();
    let signed_up = auth.signup(SignUp::with_email("ann@example.org", PW), &client).await.unwrap();
    let signed_in = auth.signin(Credentials::new("ann@example.org", PW), &client).await.unwrap();
    let refreshed = auth.refresh(signed_in.token.expose(), &client).await.unwrap();
    let user = auth.get_user(refreshed.token.expose(), &client).await.unwrap();
    auth.request_restore("ann@example.org", &client).await.unwrap();
    auth.deliver_mail().await.unwrap();
    let mail = mailer.sent().remove(0);
    let (_, link) = mail.expose_text().split_once("restoring=").unwrap();
    let link = link.split_whitespace().next().unwrap().to_owned();
    let stored = store.clone().into_stores().users.by_id(&user.id).await.unwrap().unwrap();

    shown.add(&signed_up);
    shown.add(&signed_in);
    shown.add(&signed_in.token);
    shown.add(&refreshed);
    shown.add(&user);
    shown.add(&stored);
    shown.add(&mail);
    shown.add(&mailer);
    shown.add(&store);
    shown.add(&store.clone().into_stores());
    shown.add(&auth);
    let url: RestoreUrl = "https://app.example.org/restore".parse().unwrap();
    let shown_link = url.link(&link);
    shown.add(&Message::Restore {
        username: &stored.username,
        link: &shown_link,
        expires_in: std::time::Duration::from_mins(30),
    });
    shown.add(&shown_link);
    shown.add(&Rendered::new("s", link.clone(), Some(link.clone())));
    let body = format!(r#"{{"username":"ann@example.org","password":"{PW}"}}"#).into_bytes();
    let head = RequestHead::read(None, [("content-type", b"application/json".as_slice())]);
    let answer = auth.handle(AuthRequest::new(Route::Signin, head, Ok(body))).await;
    let given: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    shown.add(&answer);
    let tokens = [signed_in.token.expose(), refreshed.token.expose(), given["token"].as_str().unwrap()];
    shown.holds_none_of(&[tokens.as_slice(), &[PW, &link, stored.password.expose()]].concat());
}

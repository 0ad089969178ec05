// What everybody tries first, as far as it has ten characters or gets there with digits behind it; in lower case. Shorter ones
// are refused by their length, runs and repetitions by password.ts.
const WORDS = `
password passwort passw0rd p@ssw0rd p@ssword welcome welcomeback letmein letmeinnow iloveyou iloveyouforever sunshine princess
football baseball basketball superman batman starwars pokemon dragon monkey master shadow michael jennifer jordan hunter
trustno1 whatever qwerty qwertyuiop qwertyui asdfghjkl asdfghjklqwe zxcvbnm zxcvbnmasdf 1qaz2wsx 1qaz2wsx3edc qazwsxedc
qazwsxedcrfv q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y zaq12wsx zaq1zaq1 admin administrator
adminadmin admin123 root rootroot toor changeme changemenow default guest guestguest login loginlogin secret secretsecret
test testtest tester testing testpassword user username computer internet samsung google facebook microsoft windows linux
ubuntu oracle postgres postgresql database server manager operator support service company business office summer winter
spring autumn january february march april june july august september october november december monday tuesday wednesday
thursday friday saturday sunday password1234 passwordpassword mypassword thepassword newpassword nopassword yourpassword
woaini woaini1314 woaini520 woaiwojia wodemima mima mimamima 5201314 52013145201314 a123456 a123456789 a1234567890 aa123456
aa123456789 abc123 abc123456 abc123456789 abcd1234 abcd123456 abcdefg abcdefg123 abcdefghijk asd123456 asdasdasd asdfasdf
qq123456 qq123456789 zhangwei zhangsan lisi wangwu beijing shanghai guangzhou shenzhen zhongguo china hongmi hongmihongmi
jifen loyalty points member huiyuan xiaomi huawei taobao tianmao alipay wechat weixin jingdong guanliyuan caiwu dianzhang
123456789a 1234567890a 12345678910 123456789qq 987654321a 147258369 1472583690 147852369 159357258 741852963 789456123
7894561230 123123123 1231231234 123321123 1122334455 112233445566 1212121212 1313131313 1314520520 5205201314 000111222
1234512345 1234554321 1234567887654321 0123456789 9876543210 1029384756 1357924680 2468013579 11223344 1123581321
football1234 liverpool manchester arsenal chelsea barcelona realmadrid charlie freedom ginger hannah jessica joshua killer
lovely matthew maverick mustang ninja pepper phoenix purple robert soccer thomas tigger trinity yankees zxcvbn blink182
corvette ferrari mercedes porsche harley merlin cookie cheese chocolate butterfly flower friends forever family jesus
jesuschrist blessed godisgood godislove angel angels lovelove loveme iloveu iloveme babygirl babyboy sweetheart darling
`;

export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(WORDS.split(/\s+/).filter(Boolean));

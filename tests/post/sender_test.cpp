// HTTPS and SMTP against servers that speak them, and some that misbehave; and every spelling of an
// inner address, tried on a server that really listens there.
#include "post/sender.hpp"
#include "support/post_server.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

using namespace comity;
using namespace comity::post;
using namespace comity::test;

namespace {

WebRules inside(const PostServer& server) {
    return {
        {Network::parse("127.0.0.0/8").value(), Network::parse("::1").value()}, server.ca_file()};
}

std::string at(const PostServer& server, const std::string& target) {
    return fmt::format("https://localhost:{}{}", server.port(), target);
}

node::Systems::Message message(const std::string& url) {
    return {url, {{"content-type", "application/json"}, {"webhook-id", "msg_1"}}, "{\"a\":1}"};
}

MailServer mail_server(const PostServer& server, bool tls_at_once = false) {
    MailServer out;
    out.host = "localhost";
    out.port = server.port();
    out.tls_at_once = tls_at_once;
    out.user = "comity";
    out.password = "s3cret";
    out.from = "comity@ministry.example";
    out.ca_file = server.ca_file();
    return out;
}

node::Mail mail() {
    return {"00ff", "ada@ministry.example", "en", "Something new", ".\nline\n..two\n", Instant{}};
}

bool has_command(std::vector<json::Object> heard, std::string_view beginning) {
    return std::any_of(heard.begin(), heard.end(), [&](const auto& one) {
        return std::string_view(one.at("command").as_string()).starts_with(beginning);
    });
}

// Where nobody listens.
int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    ::close(fd);
    return ntohs(address.sin_port);
}

WebRules through(const PostServer& proxy, const PostServer& server) {
    return {{}, server.ca_file(), fmt::format("http://127.0.0.1:{}", proxy.port())};
}

} // namespace

TEST_CASE("a system is posted to with what is given, and its status is the answer") {
    PostServer server("https", "");
    WebSystems systems(inside(server));
    std::string problem;
    CHECK(systems.post(message(at(server, "/ok")), problem) == 200);
    CHECK(systems.post(message(at(server, "/none")), problem) == 204);
    CHECK(systems.post(message(at(server, "/fails")), problem) == 500);
    CHECK(problem.empty());
    const auto heard = server.heard("body");
    REQUIRE(heard.size() == 3);
    CHECK(heard[0].at("method") == "POST");
    CHECK(heard[0].at("body") == "{\"a\":1}");
    const auto& headers = heard[0].at("headers").as_object();
    CHECK(headers.at("webhook-id") == "msg_1");
    CHECK(headers.at("content-type") == "application/json");
    CHECK(headers.at("user-agent") == "comity");
    CHECK_FALSE(headers.contains("expect"));
}

TEST_CASE("T50_ a redirect is an answer like any other and is not followed") {
    PostServer server("https", "");
    WebSystems systems(inside(server));
    std::string problem;
    CHECK(systems.post(message(at(server, "/elsewhere")), problem) == 307);
    CHECK(server.heard("body").size() == 1);
}

TEST_CASE(
    "T50_ an answer of many bytes, in body or headers, is cut off; one at the limit is read") {
    PostServer server("https", "");
    WebSystems systems(inside(server));
    std::string problem;
    CHECK(systems.post(message(at(server, "/most")), problem) == 200);
    for (const std::string target : {"/large", "/endless", "/headers"}) {
        CAPTURE(target);
        problem.clear();
        CHECK_FALSE(systems.post(message(at(server, target)), problem));
        CHECK(problem == "its answer has more than 16384 bytes");
    }
    for (const std::string target : {"/drops", "/half"}) {
        CAPTURE(target);
        problem.clear();
        CHECK_FALSE(systems.post(message(at(server, target)), problem));
        CHECK_FALSE(problem.empty());
    }
}

TEST_CASE("T50_ no proxy of the environment is asked") {
    PostServer server("https", "");
    ::setenv("https_proxy", "http://127.0.0.1:1", 1);
    ::setenv("all_proxy", "http://127.0.0.1:1", 1);
    WebSystems systems(inside(server));
    std::string problem;
    CHECK(systems.post(message(at(server, "/ok")), problem) == 200);
    ::unsetenv("https_proxy");
    ::unsetenv("all_proxy");
}

TEST_CASE("a certificate of another name or of another authority is not talked to") {
    PostServer other("https", "", "other.example");
    std::string problem;
    CHECK_FALSE(WebSystems(inside(other)).post(message(at(other, "/ok")), problem));
    CHECK(problem.find("SSL") != std::string::npos);
    PostServer server("https", "");
    auto rules = inside(server);
    rules.ca_file = other.ca_file();
    CHECK_FALSE(WebSystems(rules).post(message(at(server, "/ok")), problem));
    rules.ca_file.clear();
    CHECK_FALSE(WebSystems(rules).post(message(at(server, "/ok")), problem));
    CHECK(other.heard("body").empty());
    CHECK(server.heard("body").empty());
}

TEST_CASE("T50_ no spelling of an inner address is called, though a server listens there") {
    PostServer server("https", "");
    WebRules rules;
    rules.ca_file = server.ca_file();
    WebSystems systems(rules);
    const char* hosts[] = {
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "017700000001",
        "0x7f000001",
        "0x7f.0.0.1",
        "0x7f.1",
        "0177.0.0.1",
        "0177.1",
        "00000177.0.0.1",
        "127.0.0.1.",
        "127.0.0.01",
        "127.000.000.001",
        "0X7F000001",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "lOcAlHoSt",
        "%6c%6f%63%61%6c%68%6f%73%74",
        "%31%32%37.0.0.1",
        "127%2e0%2e0%2e1",
        "127.255.255.254",
        "127.0.0.2",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::0001]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:7f00:0001]",
        "[::127.0.0.1]",
        "[::7f00:1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[fe80::1]",
        "[fe80::1%25lo]",
        "[fe80::1%25eth0]",
        "[fd00:ec2::254]",
        "[fc00::1]",
        "[2002:7f00:1::]",
        "[2001::1]",
        "[::]",
        "0",
        "0.0.0.0",
        "00",
        "0x0",
        "0.0",
        "10.0.0.1",
        "167772161",
        "012.0.0.1",
        "0xa.0.0.1",
        "10.1",
        "172.16.0.1",
        "2886729729",
        "192.168.0.1",
        "3232235521",
        "192.168.1",
        "0300.0250.0.1",
        "169.254.169.254",
        "2852039166",
        "0xa9fea9fe",
        "0251.0376.0251.0376",
        "169.254.43518",
        "100.64.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "4294967295",
        "240.0.0.1",
        "168.63.129.16",
        "192.0.0.192",
        // What is no host, or hides one
        "127\xe3\x80\x82"
        "0\xe3\x80\x82"
        "0\xe3\x80\x82"
        "1",
        "\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1",
        "127.0.0.1%00.example",
        "127.0.0.1%0d%0ax",
        "[::1",
        "::1",
        "[127.0.0.1]",
        "evil@127.0.0.1",
        "evil:x@127.0.0.1",
        "@127.0.0.1",
        "example.org\\@127.0.0.1",
        "127.0.0.1 ",
        "",
    };
    CHECK(std::size(hosts) > 80);
    for (const char* host : hosts) {
        CAPTURE(host);
        std::string problem;
        const auto url = fmt::format("https://{}:{}/ok", host, server.port());
        CHECK_FALSE(systems.post(message(url), problem));
        CHECK_FALSE(problem.empty());
    }
    const std::string port = std::to_string(server.port());
    for (const std::string& url : std::vector<std::string>{
             "http://127.0.0.1:" + port + "/ok",
             "HTTP://localhost:" + port + "/ok",
             "//127.0.0.1:" + port + "/ok",
             "127.0.0.1:" + port + "/ok",
             "ftp://127.0.0.1:" + port + "/ok",
             "gopher://127.0.0.1:" + port + "/_x",
             "dict://127.0.0.1:" + port + "/x",
             "ldaps://127.0.0.1:" + port + "/x",
             "smtps://127.0.0.1:" + port + "/x",
             "telnet://127.0.0.1:" + port,
             "file:///etc/passwd",
             "file://localhost/etc/passwd",
             "https:/127.0.0.1:" + port + "/ok",
             "https:127.0.0.1:" + port + "/ok",
             "https:///127.0.0.1:" + port + "/ok",
             "https://localhost:" + port + "/ok#x",
             "https://localhost:" + port + "/o k",
             "https://localhost:99999/ok",
             "https://localhost:" + port + "/\r\nx: y",
             std::string("https://"),
             std::string()}) {
        CAPTURE(url);
        std::string problem;
        CHECK_FALSE(systems.post(message(url), problem));
        CHECK_FALSE(problem.empty());
    }
    CHECK(server.heard("connected").empty());
    // The same server is called once its network is named: it was there all the time.
    std::string problem;
    CHECK(WebSystems(inside(server)).post(message(at(server, "/ok")), problem) == 200);
    CHECK(server.heard("connected").size() == 1);
}

TEST_CASE("T50_ the settings refuse an address that could never be called, and say why") {
    const WebRules rules;
    CHECK(check_url(rules, "https://registry.example/comity"));
    CHECK(check_url(rules, "https://registry.example:8443/comity?x=1"));
    CHECK(check_url(rules, "https://8.8.8.8/"));
    CHECK(check_url(rules, "https://[2a00:1450:4001:81b::200e]/"));
    for (const auto& [url, why] : std::initializer_list<std::pair<std::string, std::string>>{
             {"http://registry.example/", "is not https"},
             {"https://u:p@registry.example/", "has a name or a password in it"},
             {"https://registry.example/#x", "has a fragment"},
             {"https://127.1/", "leads to 127.0.0.1"},
             {"https://0xa9fea9fe/", "leads to 169.254.169.254"},
             {"https://[::ffff:10.0.0.1]/", "leads to ::ffff:10.0.0.1"},
             {"https://10.20.0.1/", "leads to 10.20.0.1"},
             {"nonsense", "is"},
             {"https://registry.example/" + std::string(2'000, 'a'), "is too long"}}) {
        CAPTURE(url);
        const auto refused = check_url(rules, url);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Code::setting_invalid);
        CHECK(refused.error().facts.text().find(why) != std::string::npos);
    }
    CHECK(check_url({{Network::parse("10.20.0.0/16").value()}, {}}, "https://10.20.0.1/"));
}

TEST_CASE(
    "a system outside is called through the organisation's proxy, which learns its name alone") {
    PostServer proxy("proxy", "");
    PostServer server("https", "", "registry.example");
    const auto url = fmt::format("https://registry.example:{}/ok", server.port());
    WebSystems systems(through(proxy, server));
    std::string problem;
    // What the environment says of proxies and of exceptions from them counts for nothing.
    ::setenv("no_proxy", "*", 1);
    ::setenv("https_proxy", "http://127.0.0.1:1", 1);
    CHECK(systems.post(message(url), problem) == 200);
    ::unsetenv("no_proxy");
    ::unsetenv("https_proxy");
    CHECK(problem.empty());
    const auto asked = proxy.heard("asked");
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].at("method") == "CONNECT");
    CHECK(asked[0].at("asked") == json::Value(fmt::format("registry.example:{}", server.port())));
    for (const auto* name : {"webhook-id", "content-type", "user-agent"})
        CHECK_FALSE(asked[0].at("headers").as_object().contains(name));
    const auto heard = server.heard("body");
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].at("body") == "{\"a\":1}");
    CHECK(heard[0].at("headers").at("webhook-id") == "msg_1");
    // The proxy's own lines are not the system's answer.
    CHECK(
        systems.post(
            message(fmt::format("https://registry.example:{}/most", server.port())), problem) ==
        200);
}

TEST_CASE(
    "what the proxy refuses, and a proxy that is away, is a failure, and nothing goes around it") {
    PostServer proxy("proxy", "refuses");
    PostServer server("https", "");
    std::string problem;
    const auto named = fmt::format("https://registry.example:{}/ok", server.port());
    CHECK_FALSE(WebSystems(through(proxy, server)).post(message(named), problem));
    CHECK(problem.find("403") != std::string::npos);
    CHECK(proxy.heard("asked").size() == 1);
    auto rules = through(proxy, server);
    rules.proxy = fmt::format("http://127.0.0.1:{}", free_port());
    problem.clear();
    CHECK_FALSE(WebSystems(rules).post(message(named), problem));
    CHECK_FALSE(problem.empty());
    // A certificate of another name is no better through a proxy.
    proxy.behave("");
    problem.clear();
    CHECK_FALSE(WebSystems(through(proxy, server)).post(message(named), problem));
    CHECK(problem.find("SSL") != std::string::npos);
    CHECK(server.heard("body").empty());
}

TEST_CASE("T50_ an inner address, and the proxy's own machine, is asked of no proxy") {
    PostServer proxy("proxy", "");
    PostServer server("https", "");
    WebSystems systems(through(proxy, server));
    for (const std::string host :
         {"127.0.0.1", "127.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]",
          "169.254.169.254", "10.0.0.1", "localhost", "LOCALHOST.", "db.localhost"}) {
        CAPTURE(host);
        std::string problem;
        CHECK_FALSE(
            systems.post(message(fmt::format("https://{}:{}/ok", host, server.port())), problem));
        CHECK_FALSE(problem.empty());
    }
    CHECK(proxy.heard("connected").empty());
    CHECK(server.heard("connected").empty());
}

TEST_CASE("a proxy of the settings is http, a host and a port, and nothing else") {
    for (const std::string good :
         {"http://proxy.example:3128", "http://10.0.0.5:8080/", "http://[fd00::5]:3128"})
        CHECK_MESSAGE(check_proxy(good), good);
    for (const std::string bad :
         {"proxy.example:3128", "http://proxy.example", "https://proxy.example:3128",
          "socks5://proxy.example:1080", "http://u:p@proxy.example:3128",
          "http://proxy.example:3128/path", "http://proxy.example:3128?x", "http://:3128",
          "http://proxy.example:3128#x", "http://proxy.example:31 28", "file:///etc/passwd",
          "http://proxy.example:99999"}) {
        CAPTURE(bad);
        const auto refused = check_proxy(bad);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Code::setting_invalid);
    }
}

// ---- mail

TEST_CASE("a mail is taken after STARTTLS and authentication, and arrives as it was written") {
    PostServer server("smtp", "");
    for (const std::string behaviour : {"", "tls"}) {
        CAPTURE(behaviour);
        server.behave(behaviour);
        server.forget();
        SmtpMailer mailer(mail_server(server, behaviour == "tls"));
        Said problem;
        CHECK(mailer.post(mail(), problem) == node::Posted::taken);
        CHECK(problem.empty());
        const auto taken = server.heard("message");
        REQUIRE(taken.size() == 1);
        CHECK(taken[0].at("encrypted") == true);
        CHECK(std::string_view(taken[0].at("sender").as_string())
                  .starts_with("MAIL FROM:<comity@ministry.example>"));
        const auto& recipients = taken[0].at("recipients").as_array();
        REQUIRE(recipients.size() == 1);
        CHECK(recipients[0] == "RCPT TO:<ada@ministry.example>");
        const std::string text(taken[0].at("message").as_string());
        CHECK(text.starts_with("Date: Thu, 01 Jan 1970 00:00:00 +0000\r\nFrom: <comity@"));
        const auto login = server.heard("password");
        REQUIRE(login.size() == 1);
        CHECK(login[0].at("user") == "comity");
        CHECK(login[0].at("password") == "s3cret");
    }
}

TEST_CASE("without encryption, or with a certificate that is not theirs, nothing is said") {
    PostServer plain("smtp", "no-starttls");
    Said problem;
    CHECK(SmtpMailer(mail_server(plain)).post(mail(), problem) == node::Posted::failed);
    CHECK_FALSE(problem.empty());
    const auto heard = plain.heard("command");
    CHECK_FALSE(has_command(heard, "MAIL"));
    CHECK_FALSE(has_command(heard, "AUTH"));
    PostServer other("smtp", "", "other.example");
    PostServer real("smtp", "");
    for (const auto* server : {&other, &plain}) {
        auto to = mail_server(real);
        to.ca_file = server->ca_file();
        CHECK(SmtpMailer(to).post(mail(), problem) == node::Posted::failed);
        CHECK(real.heard("password").empty());
        CHECK(real.heard("message").empty());
    }
    CHECK(SmtpMailer(mail_server(other)).post(mail(), problem) == node::Posted::failed);
    CHECK(other.heard("password").empty());
}

TEST_CASE(
    "what the mail server says decides whether it is tried again, and no address is repeated") {
    struct Row {
        const char* behaviour;
        node::Posted outcome;
        const char* problem;
    };

    PostServer server("smtp", "");
    for (const auto& row : std::initializer_list<Row>{
             {"refuses", node::Posted::refused, "the mail server answered with 550"},
             {"refuses-text", node::Posted::refused, "the mail server answered with 554"},
             {"full", node::Posted::failed, "the mail server answered with 452"},
             {"busy", node::Posted::failed, "the mail server answered with 421"},
             {"wrong-password", node::Posted::failed, "the mail server answered with 535"},
             {"drops", node::Posted::failed, ""},
             {"drops-late", node::Posted::failed, ""}}) {
        CAPTURE(row.behaviour);
        server.behave(row.behaviour);
        Said problem;
        CHECK(SmtpMailer(mail_server(server)).post(mail(), problem) == row.outcome);
        if (*row.problem) CHECK(problem == row.problem);
        CHECK_FALSE(problem.empty());
        CHECK(problem.text().find("ada") == std::string::npos);
        CHECK(server.heard("message").empty());
    }
    // The same mail is taken once it behaves: it was the server's word that decided.
    server.behave("");
    Said problem;
    CHECK(SmtpMailer(mail_server(server)).post(mail(), problem) == node::Posted::taken);
    CHECK(server.heard("message").size() == 1);
    auto to = mail_server(server);
    to.port = free_port();
    CHECK(SmtpMailer(to).post(mail(), problem) == node::Posted::failed);
    CHECK_FALSE(problem.empty());
}

TEST_CASE("an address that is more than an address is told to no server") {
    PostServer server("smtp", "");
    SmtpMailer mailer(mail_server(server));
    Said problem;
    for (const std::string to :
         {"ada@ministry.example>\r\nRCPT TO:<all@evil.example", "ada@ministry.example\r\nDATA",
          "ada@ministry.example> SIZE=9", "a@b.example,c@d.example"}) {
        auto one = mail();
        one.to = to;
        CHECK(mailer.post(one, problem) == node::Posted::refused);
    }
    CHECK(server.heard("connected").empty());
}

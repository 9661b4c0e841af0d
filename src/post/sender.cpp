// libcurl with everything off that was not asked for.
#include "post/sender.hpp"

#include "base/ascii.hpp"
#include "base/check.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "post/message.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>

namespace comity::post {

namespace {

struct CloseHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

struct CloseList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct CloseUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

using Handle = std::unique_ptr<CURL, CloseHandle>;
using List = std::unique_ptr<curl_slist, CloseList>;
using Url = std::unique_ptr<CURLU, CloseUrl>;

void begin_curl() {
    static const CURLcode begun = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (begun != CURLE_OK) throw Fault("libcurl does not start");
}

template <class Value>
void set(const Handle& handle, CURLoption option, Value value) {
    if (const auto code = curl_easy_setopt(handle.get(), option, value); code != CURLE_OK)
        throw Fault(fmt::format(
            "libcurl does not know option {}: {}", static_cast<int>(option),
            curl_easy_strerror(code)));
}

void add(List& list, const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (!longer) throw Fault("out of memory");
    static_cast<void>(list.release());
    list.reset(longer);
}

long milliseconds(std::chrono::milliseconds time) {
    return static_cast<long>(time.count());
}

/// A handle with what every call has in common.
Handle open_handle(const std::string& ca_file) {
    begin_curl();
    Handle handle(curl_easy_init());
    if (!handle) throw Fault("libcurl gives no handle");
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(limits::outside_connect_time));
    set(handle, CURLOPT_TIMEOUT_MS, milliseconds(limits::outside_time));
    set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    set(handle, CURLOPT_PROXY, "");   // not even one of the environment
    set(handle, CURLOPT_NOPROXY, ""); // nor an exception from one of the settings
    set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(handle, CURLOPT_FRESH_CONNECT, 1L);
    set(handle, CURLOPT_FORBID_REUSE, 1L);
    set(handle, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!ca_file.empty()) {
        set(handle, CURLOPT_CAINFO, ca_file.c_str());
        set(handle, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    return handle;
}

// ---- HTTPS

std::optional<Address> address_of(const sockaddr& given) {
    Address out;
    if (given.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &given, sizeof v4);
        std::memcpy(out.bytes.data(), &v4.sin_addr, sizeof v4.sin_addr);
        return out;
    }
    if (given.sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &given, sizeof v6);
        out.v6 = true;
        std::memcpy(out.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
        return out;
    }
    return std::nullopt;
}

struct Guard {
    const WebRules& rules;
    std::string refused; ///< the last address that may not be called
};

// The point of decision: the address that would be connected to, whatever it was written as.
curl_socket_t open_socket(void* context, curlsocktype purpose, curl_sockaddr* to) {
    auto& guard = *static_cast<Guard*>(context);
    const auto address = address_of(to->addr);
    // Through a proxy every socket is one to the proxy, which the settings name.
    const bool may =
        address && (!guard.rules.proxy.empty() || may_call(*address, guard.rules.networks));
    if (purpose != CURLSOCKTYPE_IPCXN || !may) {
        guard.refused = address ? address->text() : "of an unknown kind";
        return CURL_SOCKET_BAD;
    }
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

struct Sink {
    std::size_t left = limits::webhook_answer_bytes;
    bool over = false;
};

// What a system answers is counted and thrown away.
std::size_t count_only(char* /*data*/, std::size_t size, std::size_t count, void* context) {
    auto& sink = *static_cast<Sink*>(context);
    if (size * count > sink.left) {
        sink.over = true;
        return 0;
    }
    sink.left -= size * count;
    return size * count;
}

// A text of libcurl names at most the host and what went wrong.
std::string problem_of(CURLcode code, const std::array<char, CURL_ERROR_SIZE>& detail) {
    const std::string text = detail[0] != 0 ? detail.data() : curl_easy_strerror(code);
    return text.substr(0, 200);
}

Result<std::string> part_of(const Url& url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url.get(), part, &text, 0) != CURLUE_OK)
        return refuse(Code::setting_invalid, "");
    std::string out(text);
    curl_free(text);
    return out;
}

} // namespace

Result<void> check_url(const WebRules& rules, std::string_view url) {
    const auto bad = [&](std::string_view why) {
        return refuse(
            Code::setting_invalid,
            fmt::format("the address \"{}\" of a webhook {}", url.substr(0, 100), why));
    };
    for (const char c : url)
        if (c <= 0x20 || c >= 0x7f) return bad("has a character that no address has");
    if (url.size() > limits::url_bytes) return bad("is too long");
    begin_curl();
    const Url parsed(curl_url());
    if (!parsed) throw Fault("out of memory");
    if (curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), 0) != CURLUE_OK)
        return bad("is none");
    if (part_of(parsed, CURLUPART_SCHEME).value_or("") != "https") return bad("is not https");
    if (part_of(parsed, CURLUPART_USER) || part_of(parsed, CURLUPART_PASSWORD))
        return bad("has a name or a password in it");
    if (part_of(parsed, CURLUPART_FRAGMENT)) return bad("has a fragment");
    auto host = part_of(parsed, CURLUPART_HOST).value_or("");
    if (host.empty()) return bad("has no host");
    if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (const auto address = Address::parse(host); address && !may_call(*address, rules.networks))
        return bad(fmt::format(
            "leads to {}, which is neither public nor in webhook_networks", address->text()));
    // RFC 6761 section 6.3. Directly it is judged by the address; a proxy would call itself.
    while (host.ends_with('.'))
        host.pop_back();
    host = ascii_lower(host);
    if (!rules.proxy.empty() && (host == "localhost" || host.ends_with(".localhost")))
        return bad("leads to the proxy itself");
    return {};
}

Result<void> check_proxy(std::string_view url) {
    const auto bad = [&] {
        return refuse(
            Code::setting_invalid, fmt::format(
                                       "webhook_proxy \"{}\" is not http://host:port",
                                       std::string_view(url).substr(0, 100)));
    };
    for (const char c : url)
        if (c <= 0x20 || c >= 0x7f) return bad();
    if (url.size() > limits::url_bytes) return bad();
    begin_curl();
    const Url parsed(curl_url());
    if (!parsed) throw Fault("out of memory");
    if (curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), 0) != CURLUE_OK)
        return bad();
    const auto path = part_of(parsed, CURLUPART_PATH).value_or("");
    if (part_of(parsed, CURLUPART_SCHEME).value_or("") != "http" ||
        part_of(parsed, CURLUPART_HOST).value_or("").empty() || !part_of(parsed, CURLUPART_PORT) ||
        (path != "" && path != "/") || part_of(parsed, CURLUPART_USER) ||
        part_of(parsed, CURLUPART_PASSWORD) || part_of(parsed, CURLUPART_QUERY) ||
        part_of(parsed, CURLUPART_FRAGMENT))
        return bad();
    return {};
}

std::optional<int> WebSystems::post(const Message& message, std::string& problem) {
    if (const auto checked = check_url(rules_, message.url); !checked) {
        problem = checked.error().facts.text();
        return std::nullopt;
    }
    const auto handle = open_handle(rules_.ca_file);
    Guard guard{rules_, {}};
    Sink answer;
    Sink headers;
    std::array<char, CURL_ERROR_SIZE> detail{};
    List lines;
    for (const auto& [name, value] : message.headers)
        add(lines, name + ": " + value);
    add(lines, "user-agent: comity");
    add(lines, "accept:");
    add(lines, "expect:");
    set(handle, CURLOPT_URL, message.url.c_str());
    set(handle, CURLOPT_PROTOCOLS_STR, "https");
    if (!rules_.proxy.empty()) {
        set(handle, CURLOPT_PROXY, rules_.proxy.c_str());
        set(handle, CURLOPT_HTTPPROXYTUNNEL, 1L);
        set(handle, CURLOPT_HEADEROPT,
            static_cast<long>(CURLHEADER_SEPARATE)); // none for the proxy
        set(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    }
    set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(handle, CURLOPT_HTTPHEADER, lines.get());
    set(handle, CURLOPT_POST, 1L);
    set(handle, CURLOPT_POSTFIELDS, message.body.data());
    set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(message.body.size()));
    set(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    set(handle, CURLOPT_OPENSOCKETDATA, &guard);
    set(handle, CURLOPT_WRITEFUNCTION, count_only);
    set(handle, CURLOPT_WRITEDATA, &answer);
    set(handle, CURLOPT_HEADERFUNCTION, count_only);
    set(handle, CURLOPT_HEADERDATA, &headers);
    set(handle, CURLOPT_ERRORBUFFER, detail.data());
    const auto code = curl_easy_perform(handle.get());
    if (!guard.refused.empty() && code != CURLE_OK) {
        problem = fmt::format(
            "its name leads to the address {}, which is neither public nor in webhook_networks",
            guard.refused);
        return std::nullopt;
    }
    if (answer.over || headers.over) {
        problem = fmt::format("its answer has more than {} bytes", limits::webhook_answer_bytes);
        return std::nullopt;
    }
    if (code != CURLE_OK) {
        problem = problem_of(code, detail);
        return std::nullopt;
    }
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
}

// ---- SMTP

namespace {

struct Source {
    BytesView left;
};

std::size_t give(char* into, std::size_t size, std::size_t count, void* context) {
    auto& source = *static_cast<Source*>(context);
    const auto taken = std::min(size * count, source.left.size());
    std::memcpy(into, source.left.data(), taken);
    source.left.remove_prefix(taken);
    return taken;
}

} // namespace

node::Posted SmtpMailer::post(const node::Mail& mail, Said& problem) {
    const auto text = compose_mail(mail, server_.from);
    if (!text) {
        problem = text.error().facts;
        return node::Posted::refused;
    }
    const auto handle = open_handle(server_.ca_file);
    Source source{*text};
    Sink talk{limits::act_header_bytes};
    std::array<char, CURL_ERROR_SIZE> detail{};
    List to;
    add(to, "<" + mail.to + ">");
    const auto from = "<" + server_.from + ">";
    const auto host =
        server_.host.find(':') == std::string::npos ? server_.host : "[" + server_.host + "]";
    const auto url = fmt::format(
        "{}://{}:{}/comity", server_.tls_at_once ? "smtps" : "smtp", host, server_.port);
    set(handle, CURLOPT_URL, url.c_str());
    set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    // Without encryption nothing is said, not even what would be refused.
    set(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    if (!server_.user.empty()) {
        set(handle, CURLOPT_USERNAME, server_.user.c_str());
        set(handle, CURLOPT_PASSWORD, server_.password.c_str());
    }
    set(handle, CURLOPT_MAIL_FROM, from.c_str());
    set(handle, CURLOPT_MAIL_RCPT, to.get());
    set(handle, CURLOPT_UPLOAD, 1L);
    set(handle, CURLOPT_READFUNCTION, give);
    set(handle, CURLOPT_READDATA, &source);
    set(handle, CURLOPT_WRITEFUNCTION, count_only);
    set(handle, CURLOPT_WRITEDATA, &talk);
    set(handle, CURLOPT_ERRORBUFFER, detail.data());
    const auto code = curl_easy_perform(handle.get());
    if (code == CURLE_OK) return node::Posted::taken;
    long answered = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answered);
    // What a server says may quote the address: only its code is kept.
    const bool said = answered >= 400 && answered < 600;
    problem = said ? say("the mail server answered with {}", answered)
                   : say("the mail server was not spoken with: {}", curl_easy_strerror(code));
    // A wrong password is the node's fault and passes; an address that is refused does not.
    return said && answered >= 500 && code != CURLE_LOGIN_DENIED ? node::Posted::refused
                                                                 : node::Posted::failed;
}

} // namespace comity::post

// The network for what goes out to systems and mailboxes: HTTPS and SMTP. The one file of the
// program with libcurl is sender.cpp.
#pragma once

#include "node/tell_people.hpp"
#include "node/tell_systems.hpp"
#include "post/address.hpp"

#include <functional>

namespace comity::post {

struct WebRules {
    std::vector<Network> networks; ///< inside which systems may stand; else only public addresses
    std::string ca_file;           ///< PEM; empty: the machine's own
    /// http://host:port of the organisation's way out; empty: systems are called directly. The way
    /// out resolves the names, so it and not this node decides where they lead.
    std::string proxy;
};

/// Whether this is a proxy of the settings: http, a host and a port, nothing else. Refuses with
/// setting_invalid.
Result<void> check_proxy(std::string_view url);

/// Whether a system may have this address: https, a host, no name or password in it, no fragment;
/// and where the host is an address, one that may be called. Refuses with setting_invalid.
Result<void> check_url(const WebRules& rules, std::string_view url);

/// Calls by HTTPS alone, with the certificate checked against the name. Each address that a name
/// resolves to is judged when its socket is opened, which is after resolving and at every call:
/// what a name meant a moment before is worth nothing (DNS rebinding). Through a proxy the call is
/// a tunnel (RFC 9110 section 9.3.6): the proxy learns the name and no more, and the certificate is
/// checked all the same. No redirect is followed, no proxy of the environment asked, no cookie
/// kept. Safe from several threads.
class WebSystems final : public node::Systems {
public:
    explicit WebSystems(WebRules rules) : rules_(std::move(rules)) {}

    std::optional<int> post(const Message& message, std::string& problem) override;

private:
    WebRules rules_;
};

struct MailServer {
    std::string host;
    int port = 587;
    bool tls_at_once =
        false;        ///< RFC 8314, usually port 465; else STARTTLS, without which nothing goes
    std::string user; ///< empty: without authentication
    std::string password;
    std::string from;
    std::string ca_file; ///< PEM; empty: the machine's own
};

/// Submission (RFC 6409), encrypted in every case. Safe from several threads.
class SmtpMailer final : public node::Mailer {
public:
    explicit SmtpMailer(MailServer server) : server_(std::move(server)) {}

    node::Posted post(const node::Mail& mail, Said& problem) override;

private:
    MailServer server_;
};

} // namespace comity::post

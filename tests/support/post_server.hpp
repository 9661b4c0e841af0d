// Servers of tests/support/post_server.py, with a certificate of their own for localhost.
#pragma once

#include "base/json.hpp"
#include "support/store_temporary.hpp"

#include <sys/types.h>

#include <string>
#include <vector>

namespace comity::test {

class PostServer {
public:
    /// `behaviour` as in the script; `host` is in the certificate.
    PostServer(
        const std::string& kind, const std::string& behaviour,
        const std::string& host = "localhost");
    ~PostServer();
    PostServer(const PostServer&) = delete;
    PostServer& operator=(const PostServer&) = delete;

    [[nodiscard]] int port() const { return port_; }

    [[nodiscard]] std::string ca_file() const { return directory_ / "cert.pem"; }

    /// From the next connection on.
    void behave(const std::string& behaviour);

    /// What it heard so far with this member. It says a thing before it answers it: whoever has its
    /// answer finds it here, and what is not here was not said to it.
    std::vector<json::Object> heard(const std::string& member);
    /// As if it had heard nothing so far.
    void forget();

private:
    bool read_line(std::string& line, int patience_ms);
    void tell(const std::string& line);
    void catch_up();

    TemporaryDirectory directory_;
    pid_t child_ = -1;
    int in_ = -1;
    int out_ = -1;
    int port_ = 0;
    int marks_ = 0;
    std::string buffer_;
    std::vector<json::Object> heard_;
};

} // namespace comity::test

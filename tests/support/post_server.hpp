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

    /// What it heard so far; waits until there is something with this member, at most some seconds.
    std::vector<json::Object> heard(const std::string& member);

private:
    bool read_line(std::string& line, int patience_ms);

    TemporaryDirectory directory_;
    pid_t child_ = -1;
    int in_ = -1;
    int out_ = -1;
    int port_ = 0;
    std::string buffer_;
    std::vector<json::Object> heard_;
};

} // namespace comity::test

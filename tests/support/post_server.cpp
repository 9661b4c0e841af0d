// A child process with pipes; it ends with its standard input.
#include "support/post_server.hpp"

#include "crypto/certificate.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>

namespace comity::test {

PostServer::PostServer(
    const std::string& kind, const std::string& behaviour, const std::string& host) {
    const auto key = crypto::PrivateKey::generate();
    crypto::CertificateOptions options;
    options.common_name = host;
    options.hosts = {host};
    options.use = crypto::CertificateUse::tls;
    const Instant now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    options.not_before = now - std::chrono::hours{1};
    options.not_after = now + std::chrono::hours{24};
    std::ofstream(ca_file()) << crypto::make_certificate(key, options).pem();
    const std::string key_file = directory_ / "key.pem";
    std::ofstream(key_file) << key.to_pem();
    std::array<int, 2> to{};
    std::array<int, 2> from{};
    REQUIRE(::pipe(to.data()) == 0);
    REQUIRE(::pipe(from.data()) == 0);
    const std::string script = std::string(COMITY_SOURCE_DIR) + "/tests/support/post_server.py";
    child_ = ::fork();
    REQUIRE(child_ >= 0);
    if (child_ == 0) {
        ::dup2(to[0], 0);
        ::dup2(from[1], 1);
        for (const int fd : {to[0], to[1], from[0], from[1]})
            ::close(fd);
        ::execlp(
            "python3", "python3", script.c_str(), kind.c_str(), ca_file().c_str(), key_file.c_str(),
            behaviour.c_str(), nullptr);
        ::_exit(127);
    }
    ::close(to[0]);
    ::close(from[1]);
    in_ = to[1];
    out_ = from[0];
    std::string line;
    REQUIRE(read_line(line, 20'000));
    port_ = std::stoi(line);
}

PostServer::~PostServer() {
    ::close(in_);
    ::close(out_);
    ::waitpid(child_, nullptr, 0);
}

bool PostServer::read_line(std::string& line, int patience_ms) {
    for (;;) {
        if (const auto end = buffer_.find('\n'); end != std::string::npos) {
            line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return true;
        }
        pollfd wait{out_, POLLIN, 0};
        if (::poll(&wait, 1, patience_ms) <= 0) return false;
        std::array<char, 4096> bytes{};
        const auto count = ::read(out_, bytes.data(), bytes.size());
        if (count <= 0) return false;
        buffer_.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

void PostServer::tell(const std::string& line) {
    const std::string whole = line + "\n";
    REQUIRE(::write(in_, whole.data(), whole.size()) == static_cast<ssize_t>(whole.size()));
}

void PostServer::behave(const std::string& behaviour) {
    tell("behave " + behaviour);
    catch_up();
}

void PostServer::catch_up() {
    tell("mark " + std::to_string(++marks_));
    for (std::string line;;) {
        REQUIRE(read_line(line, 20'000));
        auto object = json::parse_object(line, 4 * 1024 * 1024);
        REQUIRE_MESSAGE(object.has_value(), line);
        if (object->contains("mark")) return;
        heard_.push_back(std::move(*object));
    }
}

std::vector<json::Object> PostServer::heard(const std::string& member) {
    catch_up();
    std::vector<json::Object> out;
    for (const auto& one : heard_)
        if (one.contains(member)) out.push_back(one);
    return out;
}

void PostServer::forget() {
    catch_up();
    heard_.clear();
}

} // namespace comity::test

// Streams over sockets: plain ones, and TLS by OpenSSL, whose socket access goes through a BIO of
// our own because OpenSSL's raises SIGPIPE when the other side has gone.
#include "http/stream.hpp"

#include "base/fault.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <limits>
#include <system_error>

namespace comity::http {

namespace {

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
};

struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
};

struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
};

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

using Bio = std::unique_ptr<BIO, FreeBio>;
using Context = std::unique_ptr<SSL_CTX, FreeContext>;
using Ssl = std::unique_ptr<SSL, FreeSsl>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

// The oldest error of the queue says the most; the queue is left empty for the next call.
std::string openssl_problem() {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    if (code == 0) return "the connection ended";
    const char* reason = ERR_reason_error_string(code);
    return reason ? reason : fmt::format("OpenSSL error {:x}", code);
}

std::string system_problem(int error) {
    return std::generic_category().message(error);
}

bool would_block(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

ssize_t receive(int socket, char* into, std::size_t bytes) {
    return ::recv(socket, into, bytes, 0);
}

ssize_t send(int socket, const char* from, std::size_t bytes) {
    return ::send(socket, from, bytes, MSG_NOSIGNAL);
}

class PlainStream final : public Stream {
public:
    explicit PlainStream(int socket) : socket_(socket) {}

    Step handshake() override { return Step::done; }

    Moved read(std::span<char> into) override {
        const auto got = receive(socket_, into.data(), into.size());
        if (got == 0) return {Step::closed, 0};
        return moved(got, Step::wants_read);
    }

    Moved write(BytesView bytes) override {
        return moved(send(socket_, bytes.data(), bytes.size()), Step::wants_write);
    }

    void end() override { ::shutdown(socket_, SHUT_WR); }

    [[nodiscard]] const std::optional<PeerCertificate>& peer() const override { return peer_; }

    [[nodiscard]] const std::string& problem() const override { return problem_; }

private:
    Moved moved(ssize_t result, Step waits) {
        if (result > 0) return {Step::done, static_cast<std::size_t>(result)};
        const int error = errno;
        if (would_block(error)) return {waits, 0};
        problem_ = system_problem(error);
        return {Step::failed, 0};
    }

    int socket_;
    std::optional<PeerCertificate> peer_;
    std::string problem_;
};

// Our BIO: the socket is the pointer's value.
int socket_of(BIO* bio) {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int bio_write(BIO* bio, const char* from, int bytes) {
    BIO_clear_retry_flags(bio);
    const auto sent = send(socket_of(bio), from, static_cast<std::size_t>(bytes));
    if (sent < 0 && would_block(errno)) BIO_set_retry_write(bio);
    return static_cast<int>(sent);
}

int bio_read(BIO* bio, char* into, int bytes) {
    BIO_clear_retry_flags(bio);
    const auto got = receive(socket_of(bio), into, static_cast<std::size_t>(bytes));
    if (got < 0 && would_block(errno)) BIO_set_retry_read(bio);
    if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return static_cast<int>(got);
}

long bio_control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return 0;
}

const BIO_METHOD* socket_method() {
    static const BIO_METHOD* const method = [] {
        BIO_METHOD* made =
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "comity socket");
        if (!made || BIO_meth_set_write(made, bio_write) != 1 ||
            BIO_meth_set_read(made, bio_read) != 1 || BIO_meth_set_ctrl(made, bio_control) != 1)
            throw Fault("OpenSSL: " + openssl_problem());
        return made;
    }();
    return method;
}

Instant instant_of(const ASN1_TIME* time) {
    std::tm fields{};
    if (ASN1_TIME_to_tm(time, &fields) != 1) return Instant::min();
    const std::chrono::year_month_day date{
        std::chrono::year{fields.tm_year + 1900},
        std::chrono::month{static_cast<unsigned>(fields.tm_mon + 1)},
        std::chrono::day{static_cast<unsigned>(fields.tm_mday)}};
    return Instant{std::chrono::sys_days{date}} + std::chrono::hours{fields.tm_hour} +
           std::chrono::minutes{fields.tm_min} + std::chrono::seconds{fields.tm_sec};
}

PeerCertificate describe(const X509* certificate) {
    PeerCertificate out;
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), out.fingerprint.data(), &size) != 1 ||
        size != out.fingerprint.size())
        throw Fault("OpenSSL: " + openssl_problem());
    out.not_before = instant_of(X509_get0_notBefore(certificate));
    out.not_after = instant_of(X509_get0_notAfter(certificate));
    return out;
}

// Takes the place of OpenSSL's chain building: participants pin self-signed certificates in the
// directory, so nobody's signature on a certificate counts. What is checked here is the validity
// period; the handshake proves possession of the key, and the fingerprint is judged afterwards.
int verify_presented(X509_STORE_CTX* store, void* argument) {
    const auto& now = *static_cast<const std::function<Instant()>*>(argument);
    const X509* leaf = X509_STORE_CTX_get0_cert(store);
    if (!leaf) return 0;
    const Instant not_before = instant_of(X509_get0_notBefore(leaf));
    const Instant not_after = instant_of(X509_get0_notAfter(leaf));
    const Instant today = now();
    if (today > not_after)
        X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_HAS_EXPIRED);
    else if (today < not_before)
        X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_NOT_YET_VALID);
    else
        X509_STORE_CTX_set_error(store, X509_V_OK);
    return today >= not_before && today <= not_after ? 1 : 0;
}

// "http/1.1" in ALPN's form, a length and the name (RFC 7301).
constexpr std::string_view alpn_name = "http/1.1";
constexpr std::array<unsigned char, 9> alpn_list{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

int choose_alpn(
    SSL*, const unsigned char** out, unsigned char* out_bytes, const unsigned char* offered,
    unsigned offered_bytes, void*) {
    const BytesView all(reinterpret_cast<const char*>(offered), offered_bytes);
    for (std::size_t i = 0; i < all.size();) {
        const auto size = static_cast<std::size_t>(offered[i]);
        if (all.substr(i + 1, size) == alpn_name) {
            *out = offered + i + 1;
            *out_bytes = static_cast<unsigned char>(alpn_name.size());
            return SSL_TLSEXT_ERR_OK;
        }
        i += size + 1;
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

void require(bool done, std::string_view what) {
    if (!done) throw Fault(fmt::format("TLS: {}: {}", what, openssl_problem()));
}

Bio memory_bio(BytesView bytes) {
    require(bytes.size() < std::size_t{1} << 20, "the PEM text is too long");
    Bio bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
    require(bio != nullptr, "no memory");
    return bio;
}

// A password in a key file would have OpenSSL ask on the terminal.
int no_password(char*, int, int, void*) {
    return -1;
}

void use_credentials(SSL_CTX* context, const TlsSettings& settings) {
    const Bio certificate_text = memory_bio(settings.certificate_pem);
    const Certificate certificate(
        PEM_read_bio_X509(certificate_text.get(), nullptr, no_password, nullptr));
    require(certificate != nullptr, "the certificate is not PEM");
    const Bio key_text = memory_bio(settings.key_pem);
    const Key key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, no_password, nullptr));
    require(key != nullptr, "the private key is not PEM without a password");
    require(EVP_PKEY_is_a(key.get(), "EC") == 1, "the key is not of the curve P-256");
    require(SSL_CTX_use_certificate(context, certificate.get()) == 1, "the certificate");
    require(SSL_CTX_use_PrivateKey(context, key.get()) == 1, "the key is not the certificate's");
    require(SSL_CTX_check_private_key(context) == 1, "the key is not the certificate's");
}

void restrict_protocol(SSL_CTX* context) {
    // One version, one suite, one signature algorithm: nothing that could be negotiated down
    // (threat T12). P-256 and X25519 are both of 128 bits.
    require(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1, "TLS 1.3");
    require(SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1, "TLS 1.3");
    require(SSL_CTX_set_ciphersuites(context, "TLS_AES_256_GCM_SHA384") == 1, "cipher suite");
    require(SSL_CTX_set1_groups_list(context, "X25519:P-256") == 1, "groups");
    require(SSL_CTX_set1_sigalgs_list(context, "ECDSA+SHA256") == 1, "signature algorithms");
    // Each connection shows its certificate; a resumed session could outlive the directory entry.
    require(SSL_CTX_set_num_tickets(context, 0) == 1, "tickets");
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(
        context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                     SSL_MODE_RELEASE_BUFFERS);
    constexpr long certificate_list_bytes = 16 * 1024;
    SSL_CTX_set_max_cert_list(context, certificate_list_bytes);
}

class TlsStream final : public Stream {
public:
    explicit TlsStream(Ssl ssl) : ssl_(std::move(ssl)) {}

    Step handshake() override {
        ERR_clear_error();
        const int result = SSL_do_handshake(ssl_.get());
        if (result != 1) return outcome(result);
        const Certificate certificate(SSL_get1_peer_certificate(ssl_.get()));
        if (certificate) peer_ = describe(certificate.get());
        return Step::done;
    }

    Moved read(std::span<char> into) override {
        ERR_clear_error();
        std::size_t bytes = 0;
        const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
        if (result == 1) return {Step::done, bytes};
        return {outcome(result), 0};
    }

    Moved write(BytesView bytes) override {
        ERR_clear_error();
        std::size_t written = 0;
        const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written);
        if (result == 1) return {Step::done, written};
        return {outcome(result), 0};
    }

    void end() override {
        ERR_clear_error();
        // After a fatal error, and before the handshake is done, there is nothing to end.
        if (!broken_ && SSL_is_init_finished(ssl_.get()) == 1) SSL_shutdown(ssl_.get());
        ERR_clear_error();
    }

    [[nodiscard]] const std::optional<PeerCertificate>& peer() const override { return peer_; }

    [[nodiscard]] const std::string& problem() const override { return problem_; }

private:
    Step outcome(int result) {
        const int saved_errno = errno;
        switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ: return Step::wants_read;
        case SSL_ERROR_WANT_WRITE: return Step::wants_write;
        case SSL_ERROR_ZERO_RETURN: return Step::closed;
        case SSL_ERROR_SYSCALL:
            broken_ = true;
            problem_ = saved_errno != 0 ? system_problem(saved_errno) : "the connection ended";
            return Step::failed;
        default: break;
        }
        broken_ = true;
        const long verified = SSL_get_verify_result(ssl_.get());
        problem_ = openssl_problem();
        if (verified != X509_V_OK)
            problem_ += fmt::format(": {}", X509_verify_cert_error_string(verified));
        return Step::failed;
    }

    Ssl ssl_;
    bool broken_ = false;
    std::optional<PeerCertificate> peer_;
    std::string problem_;
};

} // namespace

std::unique_ptr<Stream> plain_stream(int socket) {
    return std::make_unique<PlainStream>(socket);
}

struct TlsContext::State {
    Side side = Side::server;
    std::function<Instant()> now;
    Context context;
};

TlsContext::TlsContext(Side side, TlsSettings settings) : state_(std::make_unique<State>()) {
    ERR_clear_error();
    state_->side = side;
    state_->now = settings.now ? settings.now : system_now;
    state_->context.reset(
        SSL_CTX_new(side == Side::server ? TLS_server_method() : TLS_client_method()));
    SSL_CTX* context = state_->context.get();
    require(context != nullptr, "no context");
    restrict_protocol(context);
    use_credentials(context, settings);
    // A client without a certificate may use the routes that are open to anybody, so the server
    // asks for one but does not insist; a server always shows one.
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, verify_presented, &state_->now);
    if (side == Side::server)
        SSL_CTX_set_alpn_select_cb(context, choose_alpn, nullptr);
    else
        require(SSL_CTX_set_alpn_protos(context, alpn_list.data(), alpn_list.size()) == 0, "ALPN");
}

TlsContext::~TlsContext() = default;

std::unique_ptr<Stream> TlsContext::stream(int socket, const std::string& server_name) const {
    Ssl ssl(SSL_new(state_->context.get()));
    require(ssl != nullptr, "no connection");
    BIO* bio = BIO_new(socket_method());
    require(bio != nullptr, "no connection");
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl.get(), bio, bio); // one reference, owned by ssl
    if (state_->side == Side::server)
        SSL_set_accept_state(ssl.get());
    else
        SSL_set_connect_state(ssl.get());
    if (!server_name.empty())
        require(SSL_set_tlsext_host_name(ssl.get(), server_name.c_str()) == 1, "server name");
    return std::make_unique<TlsStream>(std::move(ssl));
}

Instant system_now() {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

} // namespace comity::http

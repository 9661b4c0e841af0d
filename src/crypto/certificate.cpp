// X.509 over OpenSSL, behind the strict DER reader. Certificates that were read lately are kept:
// the same few hundred seals come with every act, and parsing costs more than a verification.
#include "crypto/certificate.hpp"

#include "base/check.hpp"
#include "base/fault.hpp"
#include "crypto/der.hpp"
#include "crypto/hash.hpp"
#include "crypto/openssl.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <map>

namespace comity::crypto {

namespace {

constexpr std::size_t certificate_bytes_max = std::size_t{16} * 1024;
constexpr std::size_t common_name_bytes_max = 64; // X.520 upper bound

using ExtensionOwner = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;
using NamesOwner = std::unique_ptr<GENERAL_NAMES, Release<GENERAL_NAMES_free>>;
using TimeOwner = std::unique_ptr<ASN1_TIME, Release<ASN1_TIME_free>>;

auto bad(Said why) {
    ERR_clear_error();
    return refuse(
        Code::seal_certificate, std::move(why),
        "A certificate is one X.509 certificate in DER with a P-256 key", "RFC 5280",
        "Use a certificate that this program made, or one of the same form");
}

std::optional<Instant> instant_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year{parts.tm_year + 1900},
        std::chrono::month{static_cast<unsigned>(parts.tm_mon + 1)},
        std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date} + std::chrono::hours{parts.tm_hour} +
           std::chrono::minutes{parts.tm_min} + std::chrono::seconds{parts.tm_sec};
}

std::string common_name_of(const X509* certificate) {
    const X509_NAME* name = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0) return {};
    unsigned char* text = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (size < 0) {
        ERR_clear_error();
        return {};
    }
    std::string out(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return is_utf8(out) ? out : std::string();
}

template <class T>
Bytes encoded(const T* object, int (*encode)(const T*, unsigned char**)) {
    const int size = encode(object, nullptr);
    need(size > 0, "a name could not be encoded");
    Bytes out(static_cast<std::size_t>(size), '\0');
    unsigned char* to = octets(out);
    need(encode(object, &to) == size, "a name could not be encoded");
    return out;
}

Bytes issuer_and_serial_of(const X509* certificate) {
    const Bytes issuer = encoded(X509_get_issuer_name(certificate), i2d_X509_NAME);
    const Bytes serial = encoded(X509_get0_serialNumber(certificate), i2d_ASN1_INTEGER);
    return der::element(der::sequence_tag, issuer + serial);
}

Result<std::shared_ptr<const CertificateHandle>> read(BytesView der, const Digest& fingerprint) {
    if (der.size() > certificate_bytes_max) return bad(say("the certificate is too large"));
    if (!der::well_formed(der)) return bad(say("the certificate is not in DER"));
    auto handle = std::make_shared<CertificateHandle>();
    const unsigned char* at = octets(der);
    handle->certificate.reset(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (handle->certificate == nullptr || at != octets(der) + der.size())
        return bad(say("the certificate cannot be read"));
    X509* certificate = handle->certificate.get();
    KeyOwner key(X509_get_pubkey(certificate));
    auto key_object = key_handle(std::move(key), false);
    if (key_object == nullptr) return bad(say("the certificate's key is not a P-256 key"));
    const auto not_before = instant_of(X509_get0_notBefore(certificate));
    const auto not_after = instant_of(X509_get0_notAfter(certificate));
    if (!not_before || !not_after) return bad(say("the certificate's validity cannot be read"));
    handle->der = Bytes(der);
    handle->fingerprint = fingerprint;
    handle->key = PublicKey(std::move(key_object));
    handle->common_name = common_name_of(certificate);
    handle->not_before = *not_before;
    handle->not_after = *not_after;
    handle->issuer_and_serial = issuer_and_serial_of(certificate);
    return std::shared_ptr<const CertificateHandle>(std::move(handle));
}

// Certificates read lately, by fingerprint. Only a saving: whoever floods it costs us a parse.
class Recent {
public:
    std::shared_ptr<const CertificateHandle> find(const Digest& fingerprint) {
        const std::lock_guard lock(mutex_);
        const auto at = kept_.find(fingerprint);
        return at == kept_.end() ? nullptr : at->second;
    }

    void keep(const std::shared_ptr<const CertificateHandle>& handle) {
        constexpr std::size_t kept_max = 1024;
        const std::lock_guard lock(mutex_);
        if (kept_.size() >= kept_max) kept_.clear();
        kept_.emplace(handle->fingerprint, handle);
    }

private:
    std::mutex mutex_;
    std::map<Digest, std::shared_ptr<const CertificateHandle>> kept_;
};

Recent& recent() {
    static Recent kept;
    return kept;
}

} // namespace

Result<Certificate> Certificate::from_der(BytesView der) {
    const Digest fingerprint = sha256(der);
    Certificate out;
    out.handle_ = recent().find(fingerprint);
    if (out.handle_ != nullptr) return out;
    TRY(out.handle_, read(der, fingerprint));
    recent().keep(out.handle_);
    return out;
}

Result<Certificate> Certificate::from_pem(BytesView pem) {
    constexpr std::string_view begin = "-----BEGIN ";
    constexpr std::size_t pem_bytes_max = 2 * certificate_bytes_max;
    if (pem.size() > pem_bytes_max) return bad(say("the PEM text is too large"));
    const std::size_t first = pem.find(begin);
    if (first == BytesView::npos || pem.find(begin, first + 1) != BytesView::npos)
        return bad(say("the PEM text does not hold exactly one block"));
    const BioOwner bio = reading(pem);
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    if (PEM_read_bio(bio.get(), &name, &header, &data, &size) != 1)
        return bad(say("the PEM text cannot be read"));
    const bool is_certificate = std::string_view(name) == PEM_STRING_X509 && header[0] == '\0';
    const Bytes der(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(data);
    if (!is_certificate) return bad(say("the PEM block is not a certificate"));
    return from_der(der);
}

const Bytes& Certificate::der() const {
    CHECK_THAT(handle_ != nullptr);
    return handle_->der;
}

Bytes Certificate::pem() const {
    CHECK_THAT(handle_ != nullptr);
    const BioOwner bio(BIO_new(BIO_s_mem()));
    need(
        bio != nullptr && PEM_write_bio_X509(bio.get(), handle_->certificate.get()) == 1,
        "the certificate could not be written");
    return written(bio.get());
}

const Digest& Certificate::fingerprint() const {
    CHECK_THAT(handle_ != nullptr);
    return handle_->fingerprint;
}

const PublicKey& Certificate::public_key() const {
    CHECK_THAT(handle_ != nullptr);
    return handle_->key;
}

std::string Certificate::common_name() const {
    CHECK_THAT(handle_ != nullptr);
    return handle_->common_name;
}

Instant Certificate::not_before() const {
    CHECK_THAT(handle_ != nullptr);
    return handle_->not_before;
}

Instant Certificate::not_after() const {
    CHECK_THAT(handle_ != nullptr);
    return handle_->not_after;
}

namespace {

void set_time(X509* certificate, Instant when, int (*set)(X509*, const ASN1_TIME*)) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(when);
    const TimeOwner time(ASN1_TIME_set(nullptr, whole.time_since_epoch().count()));
    need(time != nullptr && set(certificate, time.get()) == 1, "a time of the certificate");
}

void set_names(X509* certificate, const CertificateOptions& options) {
    const NameOwner name(X509_NAME_new());
    need(name != nullptr, "a name");
    const auto add = [&](const char* field, const std::string& value) {
        if (value.empty()) return;
        need(
            X509_NAME_add_entry_by_txt(
                name.get(), field, MBSTRING_UTF8, octets(value), static_cast<int>(value.size()), -1,
                0) == 1,
            "a name of the certificate");
    };
    add("C", options.country);
    add("O", options.organisation);
    add("CN", options.common_name);
    need(
        X509_set_subject_name(certificate, name.get()) == 1 &&
            X509_set_issuer_name(certificate, name.get()) == 1,
        "the names of the certificate");
}

void set_serial(X509* certificate) {
    Bytes random = random_bytes(16);
    random[0] = static_cast<char>((random[0] & 0x7f) | 0x40); // positive, and always 16 bytes
    BIGNUM* number = BN_bin2bn(octets(random), static_cast<int>(random.size()), nullptr);
    const bool done = number != nullptr &&
                      BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
    BN_free(number);
    need(done, "the serial number");
}

void add_extension(X509* certificate, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const ExtensionOwner extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    need(
        extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1,
        "an extension of the certificate");
}

// Built from values, not from configuration text: a comma in a host must not add a name.
void add_hosts(X509* certificate, const std::vector<std::string>& hosts) {
    if (hosts.empty()) return;
    const NamesOwner names(GENERAL_NAMES_new());
    need(names != nullptr, "the hosts of the certificate");
    for (const auto& host : hosts) {
        GENERAL_NAME* name = GENERAL_NAME_new();
        need(name != nullptr && sk_GENERAL_NAME_push(names.get(), name) > 0, "a host");
        if (ASN1_OCTET_STRING* address = a2i_IPADDRESS(host.c_str()); address != nullptr) {
            GENERAL_NAME_set0_value(name, GEN_IPADD, address);
            continue;
        }
        ERR_clear_error();
        ASN1_IA5STRING* text = ASN1_IA5STRING_new();
        need(
            text != nullptr &&
                ASN1_STRING_set(text, host.data(), static_cast<int>(host.size())) == 1,
            "a host");
        GENERAL_NAME_set0_value(name, GEN_DNS, text);
    }
    need(
        X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) ==
            1,
        "the hosts of the certificate");
}

} // namespace

Certificate make_certificate(const PrivateKey& key, const CertificateOptions& options) {
    CHECK_THAT(!key.empty());
    CHECK_THAT(!options.common_name.empty() && options.common_name.size() <= common_name_bytes_max);
    CHECK_THAT(options.not_before < options.not_after);
    const X509Owner owner(X509_new());
    X509* certificate = owner.get();
    need(
        certificate != nullptr && X509_set_version(certificate, X509_VERSION_3) == 1,
        "a certificate");
    set_serial(certificate);
    set_time(certificate, options.not_before, X509_set1_notBefore);
    set_time(certificate, options.not_after, X509_set1_notAfter);
    set_names(certificate, options);
    EVP_PKEY* pair = key.handle()->key.get();
    need(X509_set_pubkey(certificate, pair) == 1, "the key of the certificate");
    add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(
        certificate, NID_key_usage,
        options.use == CertificateUse::sealing ? "critical,keyAgreement"
                                               : "critical,digitalSignature");
    if (options.use == CertificateUse::tls)
        add_extension(certificate, NID_ext_key_usage, "serverAuth,clientAuth");
    add_extension(certificate, NID_subject_key_identifier, "hash");
    add_hosts(certificate, options.hosts);
    need(X509_sign(certificate, pair, sha256_algorithm()) > 0, "the certificate was not signed");
    auto out = Certificate::from_der(encoded(static_cast<const X509*>(certificate), i2d_X509));
    CHECK_THAT(out.has_value());
    return std::move(*out);
}

} // namespace comity::crypto

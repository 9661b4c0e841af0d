// Evidence as streams: every size opens as it was sealed, every change is refused, memory is flat.
#include "crypto/crypto_support.hpp"
#include "crypto/hash.hpp"
#include "evidence/sealing.hpp"
#include "support/outcome.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <random>

#if defined(__SANITIZE_ADDRESS__)
#    define COMITY_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define COMITY_ADDRESS_SANITIZER 1
#    endif
#endif
#if defined(COMITY_ADDRESS_SANITIZER)
#    include <sanitizer/allocator_interface.h>
#endif

using namespace comity;
using namespace comity::evidence;
using comity::crypto::CertificateUse;
using comity::crypto::test::Office;
using comity::crypto::test::random_text;
using comity::crypto::test::with_bit_flipped;
using comity::test::code;

namespace {

// The block in which streams are read (sealing.cpp); sizes around it are the ones that break.
constexpr std::size_t block = std::size_t{256} * 1024;
constexpr std::size_t mebibyte = std::size_t{1024} * 1024;

Source from(const Bytes& bytes) {
    return [&bytes](std::uint64_t offset, std::size_t size) {
        return offset >= bytes.size() ? Bytes() : bytes.substr(offset, size);
    };
}

Sink into(Bytes& bytes) {
    return [&bytes](BytesView more) {
        bytes += more;
    };
}

Office office() {
    return Office(CertificateUse::sealing, "Evidence");
}

Key key(const Office& office) {
    return {office.key, office.certificate};
}

Item item_of(const Sealed& sealed) {
    return {
        "mailbox",
        sealed.size,
        "application/mbox",
        sealed.plain,
        sealed.sealed,
        crypto::sha256(sealed.envelope),
        0};
}

struct Made {
    Sealed sealed;
    Item item;
    Bytes ciphertext;
};

Made make(const Bytes& plain, std::vector<const Office*> readers) {
    std::vector<crypto::Certificate> certificates;
    for (const auto* reader : readers)
        certificates.push_back(reader->certificate);
    Made out;
    out.sealed = seal_stream(from(plain), certificates, into(out.ciphertext));
    out.item = item_of(out.sealed);
    return out;
}

std::string opened(
    const Item& item, BytesView envelope, const Office& reader, const Bytes& ciphertext) {
    return code(open_stream(item, envelope, key(reader), from(ciphertext), {}));
}

} // namespace

TEST_CASE("R3_ evidence of every size is sealed, opened and sealed again for another reader") {
    const std::uint64_t seed = std::random_device{}();
    MESSAGE("seed " << seed);
    std::mt19937_64 random(seed);
    const Office provider_side = office();
    const Office receiver = office();
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, block - 1, block, block + 1, 2 * block,
          3 * mebibyte + random() % 1000}) {
        INFO("size " << size);
        const Bytes plain = random_text(random, size);
        const auto made = make(plain, {&provider_side});
        CHECK(made.sealed.size == size);
        CHECK(made.ciphertext.size() == size);
        CHECK(made.sealed.plain == crypto::sha256(plain));
        CHECK(made.sealed.sealed == crypto::sha256(made.ciphertext));
        if (size > 0) CHECK(made.ciphertext != plain);
        Bytes back;
        CHECK(
            code(open_stream(
                made.item, made.sealed.envelope, key(provider_side), from(made.ciphertext),
                into(back))) == "accepted");
        CHECK(back == plain);
        CHECK(
            opened(made.item, made.sealed.envelope, provider_side, made.ciphertext) == "accepted");

        Bytes again;
        const std::vector<crypto::Certificate> next{receiver.certificate};
        const auto resealed = reseal_stream(
            made.item, made.sealed.envelope, key(provider_side), from(made.ciphertext), next,
            into(again));
        REQUIRE_MESSAGE(resealed, (resealed ? "" : resealed.error().facts.text()));
        CHECK(resealed->plain == made.sealed.plain);
        CHECK(resealed->size == size);
        CHECK(resealed->sealed == crypto::sha256(again));
        if (size > 0) CHECK(again != made.ciphertext);
        Bytes last;
        CHECK(
            code(open_stream(
                item_of(*resealed), resealed->envelope, key(receiver), from(again), into(last))) ==
            "accepted");
        CHECK(last == plain);
        CHECK(
            opened(item_of(*resealed), resealed->envelope, provider_side, again) ==
            "evidence_corrupt");
    }
}

TEST_CASE(
    "T08 any flipped byte of ciphertext or envelope is refused, in opening and in sealing again") {
    const Office reader = office();
    const Bytes plain = "The content of a mailbox, one line of it.\n";
    const auto made = make(plain, {&reader});
    const std::vector<crypto::Certificate> next{reader.certificate};
    const Sink nowhere = [](BytesView) {
    };
    for (std::size_t at = 0; at < made.ciphertext.size(); ++at)
        for (unsigned bit = 0; bit < 8; ++bit) {
            const Bytes bad = with_bit_flipped(made.ciphertext, at, bit);
            CHECK(opened(made.item, made.sealed.envelope, reader, bad) == "evidence_corrupt");
            // Even if the manifest named the changed bytes, the cipher's tag does not verify.
            Item named = made.item;
            named.sealed = crypto::sha256(bad);
            CHECK(opened(named, made.sealed.envelope, reader, bad) == "evidence_corrupt");
            CHECK(
                code(reseal_stream(
                    made.item, made.sealed.envelope, key(reader), from(bad), next, nowhere)) ==
                "evidence_corrupt");
        }
    for (std::size_t at = 0; at < made.sealed.envelope.size(); ++at) {
        const Bytes bad = with_bit_flipped(made.sealed.envelope, at, at % 8);
        CHECK(opened(made.item, bad, reader, made.ciphertext) == "evidence_corrupt");
        CHECK(
            code(
                reseal_stream(made.item, bad, key(reader), from(made.ciphertext), next, nowhere)) ==
            "evidence_corrupt");
    }
    CHECK(opened(made.item, "", reader, made.ciphertext) == "evidence_corrupt");
}

TEST_CASE("T08 a flipped byte anywhere in a long stream is refused") {
    const std::uint64_t seed = std::random_device{}();
    MESSAGE("seed " << seed);
    std::mt19937_64 random(seed);
    const Office reader = office();
    const auto made = make(random_text(random, 2 * block + 17), {&reader});
    for (const std::size_t at :
         {std::size_t{0}, block - 1, block, 2 * block, made.ciphertext.size() - 1,
          random() % made.ciphertext.size()})
        CHECK(
            opened(
                made.item, made.sealed.envelope, reader,
                with_bit_flipped(made.ciphertext, at, 0)) == "evidence_corrupt");
}

TEST_CASE("T08 evidence cut short, extended, moved or of another item is refused") {
    const Office reader = office();
    std::mt19937_64 random(7);
    const auto made = make(random_text(random, block + 5), {&reader});
    const auto other = make(random_text(random, block + 5), {&reader});
    const auto check = [&](const Bytes& ciphertext) {
        return opened(made.item, made.sealed.envelope, reader, ciphertext);
    };
    CHECK(check(made.ciphertext) == "accepted");
    CHECK(check("") == "evidence_corrupt");
    CHECK(check(made.ciphertext.substr(0, made.ciphertext.size() - 1)) == "evidence_corrupt");
    CHECK(check(made.ciphertext.substr(0, block)) == "evidence_corrupt");
    CHECK(check(made.ciphertext.substr(1)) == "evidence_corrupt");
    CHECK(check(made.ciphertext + "x") == "evidence_corrupt");
    CHECK(
        check(made.ciphertext.substr(block) + made.ciphertext.substr(0, block)) ==
        "evidence_corrupt");
    CHECK(check(other.ciphertext) == "evidence_corrupt");
    CHECK(opened(made.item, other.sealed.envelope, reader, made.ciphertext) == "evidence_corrupt");
    CHECK(opened(other.item, made.sealed.envelope, reader, made.ciphertext) == "evidence_corrupt");
}

TEST_CASE("T29 each hash and the size in the manifest are compared") {
    const Office reader = office();
    const auto made = make("content", {&reader});
    for (const auto member : {&Item::plain, &Item::sealed, &Item::envelope}) {
        Item changed = made.item;
        (changed.*member)[31] ^= 1;
        CHECK(opened(changed, made.sealed.envelope, reader, made.ciphertext) == "evidence_corrupt");
    }
    for (const std::uint64_t size : {made.item.size - 1, made.item.size + 1}) {
        Item changed = made.item;
        changed.size = size;
        CHECK(opened(changed, made.sealed.envelope, reader, made.ciphertext) == "evidence_corrupt");
    }
}

TEST_CASE("X5_ evidence opens for its readers and for nobody else") {
    const Office first = office();
    const Office second = office();
    const Office stranger = office();
    const auto made = make("content", {&first, &second});
    CHECK(opened(made.item, made.sealed.envelope, first, made.ciphertext) == "accepted");
    CHECK(opened(made.item, made.sealed.envelope, second, made.ciphertext) == "accepted");
    CHECK(opened(made.item, made.sealed.envelope, stranger, made.ciphertext) == "evidence_corrupt");
    CHECK(
        code(open_stream(
            made.item, made.sealed.envelope, {stranger.key, first.certificate},
            from(made.ciphertext), {})) == "evidence_corrupt");
    const std::vector<crypto::Certificate> next{stranger.certificate};
    CHECK(
        code(reseal_stream(
            made.item, made.sealed.envelope, key(stranger), from(made.ciphertext), next,
            [](BytesView) {})) == "evidence_corrupt");
}

namespace {

#if !defined(COMITY_ADDRESS_SANITIZER)
// The peak of resident memory since the last reset, in KiB.
std::size_t peak_kib() {
    std::ifstream in("/proc/self/status");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6));
    FAIL("/proc/self/status has no VmHWM");
    return 0;
}

void reset_peak() {
    std::ofstream("/proc/self/clear_refs") << '5';
}
#endif

// What the test itself holds, at its highest. Under the address sanitizer freed memory stays
// resident for a while on purpose, so there the bytes in use are counted instead.
class Memory {
public:
#if defined(COMITY_ADDRESS_SANITIZER)
    Memory() : before_(__sanitizer_get_current_allocated_bytes()) {}

    void look() { peak_ = std::max(peak_, __sanitizer_get_current_allocated_bytes()); }

    std::size_t growth() const { return peak_ > before_ ? peak_ - before_ : 0; }
#else
    Memory() {
        reset_peak();
        before_ = peak_kib() * 1024;
    }

    void look() {}

    std::size_t growth() const { return peak_kib() * 1024 - before_; }
#endif

private:
    std::size_t before_ = 0;
#if defined(COMITY_ADDRESS_SANITIZER)
    std::size_t peak_ = 0;
#endif
};

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

using File = std::unique_ptr<std::FILE, Close>;

} // namespace

TEST_CASE("X6_ memory stays flat while 256 MiB are sealed, opened and sealed again") {
    constexpr std::uint64_t total = std::uint64_t{256} * mebibyte;
    constexpr std::size_t bound = 64 * mebibyte;
    const Office reader = office();
    const std::vector<crypto::Certificate> readers{reader.certificate};
    const File file(std::tmpfile());
    REQUIRE(file != nullptr);
    Memory memory;
    // A block of the plaintext is told by its place, so the source holds nothing.
    const Source plain = [&](std::uint64_t offset, std::size_t size) {
        memory.look();
        if (offset >= total) return Bytes();
        return Bytes(
            std::min<std::uint64_t>(size, total - offset), static_cast<char>(offset / block));
    };
    const auto sealed = seal_stream(plain, readers, [&](BytesView bytes) {
        REQUIRE(std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size());
    });
    REQUIRE(sealed.size == total);
    REQUIRE(std::fflush(file.get()) == 0);
    const Source ciphertext = [&](std::uint64_t offset, std::size_t size) {
        memory.look();
        Bytes out(size, '\0');
        REQUIRE(std::fseek(file.get(), static_cast<long>(offset), SEEK_SET) == 0);
        out.resize(std::fread(out.data(), 1, size, file.get()));
        return out;
    };
    std::uint64_t seen = 0;
    CHECK(
        code(open_stream(
            item_of(sealed), sealed.envelope, key(reader), ciphertext, [&](BytesView bytes) {
                seen += bytes.size();
                memory.look();
            })) == "accepted");
    CHECK(seen == total);
    std::uint64_t again = 0;
    CHECK(
        code(reseal_stream(
            item_of(sealed), sealed.envelope, key(reader), ciphertext, readers,
            [&](BytesView bytes) {
                again += bytes.size();
                memory.look();
            })) == "accepted");
    CHECK(again == total);
    MESSAGE("grew by " << memory.growth() / 1024 << " KiB");
    CHECK(memory.growth() < bound);
}

// Any bytes as a note, key, checkpoint or tile path: never a crash, and what is read is written
// back to the same bytes.
#include "base/check.hpp"
#include "record/checkpoint.hpp"
#include "record/tiles.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace comity;
    using namespace comity::record;
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    static const VerifierKey log =
        log_key("log.example", crypto::Ed25519Key::from_seed(Bytes(32, 'l')).value());
    if (const auto note = Note::parse(bytes)) {
        CHECK_THAT(note->print() == bytes);
        static_cast<void>(verify_note(*note, std::span(&log, 1)));
    }
    if (const auto key = VerifierKey::parse(bytes)) CHECK_THAT(key->text() == bytes);
    if (const auto checkpoint = Checkpoint::parse(bytes)) CHECK_THAT(checkpoint->text() == bytes);
    if (const auto opened = open_checkpoint(bytes, log))
        CHECK_THAT(opened->checkpoint.origin == "log.example");
    if (const auto tile = TileId::from_path(bytes)) CHECK_THAT(tile->path() == bytes);
    if (const auto frontier = Frontier::from_bytes(bytes)) {
        CHECK_THAT(frontier->to_bytes() == bytes);
        static_cast<void>(frontier->root());
    }
    if (size > 0) {
        const unsigned width = data[0] + 1u;
        if (const auto entries = entries_in_bundle(bytes.substr(1), width)) {
            Bytes again;
            for (const BytesView entry : *entries) {
                put_be16(again, static_cast<std::uint16_t>(entry.size()));
                again += entry;
            }
            CHECK_THAT(again == bytes.substr(1));
        }
    }
    return 0;
}

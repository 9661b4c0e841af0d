// Any bytes as a request to a witness or as its answer: never a crash, a request is written back
// to the same bytes, and without the log's key nothing is cosigned.
#include "base/check.hpp"
#include "record/witness.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace comity;
    using namespace comity::record;
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    static const auto key = crypto::Ed25519Key::from_seed(Bytes(32, 'w')).value();
    static const VerifierKey witness = witness_key("witness.example", key);
    static const auto log = crypto::Ed25519Key::from_seed(Bytes(32, 'l')).value();
    if (const auto request = AddCheckpoint::parse(bytes)) {
        CHECK_THAT(
            add_checkpoint_body(request->old_size, request->proof, request->note.print()) == bytes);
        const FollowedLog followed{request->checkpoint.origin, {log_key("log.example", log)}};
        const WitnessAnswer answer =
            answer_add_checkpoint(*request, &followed, {}, "witness.example", key, 1);
        CHECK_THAT(answer.status == 400 || answer.status == 403);
        CHECK_THAT(!answer.next);
    }
    if (const auto line = read_cosignature(bytes, "log.example\n", witness))
        CHECK_THAT(verify_line("log.example\n", *line, witness));
    if (const auto conflict = read_conflict_size(bytes))
        CHECK_THAT(std::to_string(*conflict) + "\n" == bytes);
    return 0;
}

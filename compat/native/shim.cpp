// LibTorch behind a small C interface. Operators are found by name in LibTorch's dispatcher and called with tagged values,
// so no operator needs a function of its own here. A tensor handle is a TensorImpl* that owns one reference.
// It compiles against LibTorch 1.13 and 2.x, with CUDA or without: CUDA's own headers are not needed.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/csrc/api/include/torch/version.h>

#include <atomic>
#include <string>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

using Handle = c10::TensorImpl*;
using TensorPtr = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;

enum Tag : int64_t { None, Bool, Int, Double, Tensor, IntList, TensorList, String, Generator, Device };

// The same 24 bytes as NativeValue in C#.
struct Value {
    int64_t tag;
    union { int64_t i; double d; void* p; };
    int64_t count;
};

struct Op {
    c10::OperatorHandle handle;
    std::vector<c10::Argument> arguments;
};

thread_local std::string last_error;
std::atomic<int64_t> calls{0};   // of operators, by all threads: what a program asks of LibTorch, without a clock

template <class Body>
int64_t guarded(Body&& body) noexcept {
    try { return body(); }
    catch (const c10::Error& e) { last_error = e.what_without_backtrace(); }
    catch (const std::exception& e) { last_error = e.what(); }
    catch (...) { last_error = "unknown C++ exception"; }
    return -1;
}

at::Tensor borrow(const void* handle) {
    return handle ? at::Tensor(TensorPtr::reclaim_copy(static_cast<Handle>(const_cast<void*>(handle)))) : at::Tensor();
}

Handle give(at::Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

c10::Device device_of(int64_t code) {
    return c10::Device(static_cast<c10::DeviceType>(code >> 8), static_cast<c10::DeviceIndex>(static_cast<int8_t>(code & 0xff)));
}

c10::IValue load(const Value& v) {
    switch (v.tag) {
    case None: return {};
    case Bool: return v.i != 0;
    case Int: return v.i;
    case Double: return v.d;
    case Tensor: return borrow(v.p);
    case IntList: return c10::IValue(c10::ArrayRef<int64_t>(static_cast<int64_t*>(v.p), v.count));
    case TensorList: {
        c10::List<at::Tensor> list;
        list.reserve(v.count);
        for (int64_t k = 0; k < v.count; k++) list.push_back(borrow(static_cast<void**>(v.p)[k]));
        return list;
    }
    case String: return std::string(static_cast<const char*>(v.p), v.count);
    case Generator: return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(static_cast<c10::GeneratorImpl*>(v.p)));
    case Device: return device_of(v.i);
    default: TORCH_CHECK(false, "argument tag ", v.tag, " is not known");
    }
}

void store(c10::IValue&& from, Value& to) {
    to = {None, {0}, 0};
    if (from.isTensor()) {
        to.tag = Tensor;
        to.p = give(std::move(from).toTensor());
    } else if (from.isBool()) {
        to.tag = Bool;
        to.i = from.toBool();
    } else {
        TORCH_CHECK(from.isNone(), "a result of type ", from.tagKind(), " is not known");
    }
}

}  // namespace

EXPORT const char* ts_last_error() { return last_error.c_str(); }

EXPORT void* ts_op(const char* name, const char* overload) {
    Op* op = nullptr;
    guarded([&] {
        auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
        op = new Op{handle, handle.schema().arguments()};
        return 0;
    });
    return op;
}

// Missing trailing arguments take the schema's defaults; results beyond the capacity are dropped. Returns the number of results, -1 on error.
EXPORT int64_t ts_call(const Op* op, const Value* args, int64_t arg_count, Value* results, int64_t capacity) {
    calls.fetch_add(1, std::memory_order_relaxed);
    return guarded([&]() -> int64_t {
        torch::jit::Stack stack;
        stack.reserve(op->arguments.size());
        for (int64_t k = 0; k < arg_count; k++) stack.push_back(load(args[k]));
        for (size_t k = arg_count; k < op->arguments.size(); k++) {
            const auto& argument = op->arguments[k];
            TORCH_CHECK(argument.default_value().has_value(), op->handle.operator_name(), " misses its argument '", argument.name(), "'");
            stack.push_back(*argument.default_value());
        }
        op->handle.callBoxed(&stack);
        const auto count = std::min<int64_t>(capacity, stack.size());
        for (int64_t k = 0; k < count; k++) store(std::move(stack[k]), results[k]);
        return count;
    });
}

EXPORT int64_t ts_call_count() { return calls.load(std::memory_order_relaxed); }

EXPORT void ts_free(Handle tensor) { TensorPtr::reclaim(tensor); }

// These only read fields of a live tensor: they neither throw nor block.
EXPORT int64_t ts_ndim(Handle t) { return t->dim(); }
EXPORT int64_t ts_numel(Handle t) { return t->numel(); }
EXPORT int64_t ts_dtype(Handle t) { return static_cast<int64_t>(c10::typeMetaToScalarType(t->dtype())); }
EXPORT int64_t ts_element_size(Handle t) { return static_cast<int64_t>(t->itemsize()); }
EXPORT int64_t ts_is_contiguous(Handle t) { return t->is_contiguous(); }
EXPORT int64_t ts_device(Handle t) { return (static_cast<int64_t>(t->device().type()) << 8) | (t->device().index() & 0xff); }
EXPORT const int64_t* ts_sizes(Handle t) { return t->sizes().data(); }
EXPORT const int64_t* ts_strides(Handle t) { return t->strides().data(); }
EXPORT int64_t ts_requires_grad(Handle t) { return t->requires_grad(); }

EXPORT void* ts_data(Handle t) {
    void* data = nullptr;
    guarded([&] { data = borrow(t).data_ptr(); return 0; });
    return data;
}

EXPORT int64_t ts_set_requires_grad(Handle t, int64_t value) {
    return guarded([&] { borrow(t).set_requires_grad(value != 0); return 0; });
}

EXPORT Handle ts_grad(Handle t) {
    Handle grad = nullptr;
    guarded([&] { grad = give(borrow(t).grad()); return 0; });
    return grad;
}

EXPORT int64_t ts_set_grad(Handle t, Handle grad) {
    return guarded([&] { borrow(t).mutable_grad() = borrow(grad); return 0; });
}

EXPORT int64_t ts_grad_enabled() { return at::GradMode::is_enabled(); }
EXPORT void ts_set_grad_enabled(int64_t on) { at::GradMode::set_enabled(on != 0); }
EXPORT void* ts_inference_enter(int64_t on) { return new c10::InferenceMode(on != 0); }
EXPORT void ts_inference_leave(void* mode) { delete static_cast<c10::InferenceMode*>(mode); }

EXPORT const char* ts_version() { return TORCH_VERSION; }

EXPORT int64_t ts_get_num_threads() { return at::get_num_threads(); }
EXPORT int64_t ts_set_num_threads(int64_t n) { return guarded([&] { at::set_num_threads(static_cast<int>(n)); return 0; }); }

EXPORT int64_t ts_manual_seed(uint64_t seed) { return guarded([&] { at::manual_seed(seed); return 0; }); }

EXPORT void* ts_generator_default() {
    return c10::intrusive_ptr<c10::GeneratorImpl>(at::detail::getDefaultCPUGenerator().getIntrusivePtr()).release();
}
// LibTorch makes generators of other devices in headers that need those devices' own: a copy of the default one does as well.
at::Generator generator_of(c10::Device device) {
    if (device.is_cpu()) return at::detail::createCPUGenerator();
    auto first = at::globalContext().defaultGenerator(device);
    std::lock_guard<std::mutex> lock(first.mutex());
    return first.clone();
}
EXPORT void* ts_generator_new(uint64_t seed, int64_t device) {
    c10::GeneratorImpl* made = nullptr;
    guarded([&] {
        auto generator = generator_of(device_of(device));
        generator.set_current_seed(seed);
        made = generator.unsafeReleaseGeneratorImpl();
        return 0;
    });
    return made;
}
EXPORT int64_t ts_generator_seed(c10::GeneratorImpl* g, uint64_t seed) {
    return guarded([&] { std::lock_guard<std::mutex> lock(g->mutex_); g->set_current_seed(seed); return 0; });
}
EXPORT Handle ts_generator_get(c10::GeneratorImpl* g) {
    Handle state = nullptr;
    guarded([&] { std::lock_guard<std::mutex> lock(g->mutex_); state = g->get_state().release(); return 0; });
    return state;
}
EXPORT int64_t ts_generator_set(c10::GeneratorImpl* g, Handle state) {
    return guarded([&] { std::lock_guard<std::mutex> lock(g->mutex_); g->set_state(*state); return 0; });
}
EXPORT void ts_generator_free(c10::GeneratorImpl* g) { c10::intrusive_ptr<c10::GeneratorImpl>::reclaim(g); }

// 0 where LibTorch was built without CUDA, or the machine has no GPU or no driver.
EXPORT int64_t ts_cuda_device_count() {
    return c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA) ? c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA)->deviceCount() : 0;
}

using System.Reflection.Metadata;

namespace PaliGguf.Architecture.Tests.Metadata;

/// <summary>Gathers the names of the assembly's own types from tokens, signatures and attributes.</summary>
internal sealed class NamedTypes
{
    private readonly MetadataReader _metadata;
    private readonly SignatureNames _signatures;
    private readonly HashSet<NamedType> _names = [];

    /// <param name="metadata">The assembly.</param>
    /// <param name="own">Its types by their full names.</param>
    public NamedTypes(MetadataReader metadata, IReadOnlyDictionary<string, TypeDefinitionHandle> own)
    {
        _metadata = metadata;
        _signatures = new SignatureNames(metadata, own, _names);
    }

    public IReadOnlySet<NamedType> Names => _names;

    public void Add(FieldDefinition field)
    {
        Add(field.GetCustomAttributes());
        field.DecodeSignature(_signatures, null);
    }

    public void Add(MethodDefinition method)
    {
        Add(method.GetCustomAttributes());
        Add(method.GetGenericParameters());
        method.DecodeSignature(_signatures, null);
        foreach (ParameterHandle each in method.GetParameters()) Add(_metadata.GetParameter(each).GetCustomAttributes());
    }

    public void Add(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle handle in attributes)
        {
            CustomAttribute attribute = _metadata.GetCustomAttribute(handle);
            Add(attribute.Constructor);
            attribute.DecodeValue(_signatures);
        }
    }

    public void Add(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle handle in parameters)
        {
            GenericParameter parameter = _metadata.GetGenericParameter(handle);
            Add(parameter.GetCustomAttributes());
            foreach (GenericParameterConstraintHandle each in parameter.GetConstraints())
            {
                Add(_metadata.GetGenericParameterConstraint(each).Type);
            }
        }
    }

    public void Add(EntityHandle handle)
    {
        if (handle.IsNil) return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                _names.Add(_metadata.OutermostName((TypeDefinitionHandle)handle));
                break;
            case HandleKind.FieldDefinition:
                Add(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MethodDefinition:
                Add(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Add(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification instance = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Add(instance.Method);
                instance.DecodeSignature(_signatures, null);
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_signatures, null);
                break;
            case HandleKind.StandaloneSignature:
                Add(_metadata.GetStandaloneSignature((StandaloneSignatureHandle)handle));
                break;
        }
    }

    private void Add(StandaloneSignature signature)
    {
        if (signature.GetKind() == StandaloneSignatureKind.LocalVariables) signature.DecodeLocalSignature(_signatures, null);
        else signature.DecodeMethodSignature(_signatures, null);
    }
}
